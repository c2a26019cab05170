package dev.drpo.learner.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.learner.RunFiles;
import dev.drpo.learner.run.RunStatus;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import io.quarkus.runtime.StartupEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that can't begin; no broker is asked. */
class LearnerLifecycleTest {
  @TempDir Path directory;
  private final RunStatus status = new RunStatus("failing", 4);
  private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();
  private RunFiles files;

  @BeforeEach
  void write() throws IOException {
    files = RunFiles.write(directory);
  }

  @Test
  void aMissingDataFileEndsTheProcessWithOneLineThatNamesIt() throws Exception {
    Path absent = directory.resolve("absent.jsonl");
    LearnerLifecycle lifecycle = failing(Map.of("data.train", absent.toString()));
    assertThat(status.snapshot().getFailure())
        .startsWith(absent + " does not exist; give a JSON-lines file")
        .doesNotContain("\n");
    assertThat(lifecycle.isHealthy()).isFalse();
  }

  @Test
  void aMalformedLineEndsTheProcessWithFileAndLine() throws Exception {
    Path malformed = Files.writeString(directory.resolve("malformed.jsonl"), "{}\n");
    failing(Map.of("data.heldout", malformed.toString()));
    assertThat(status.snapshot().getFailure()).startsWith(malformed + ", line 1: ");
  }

  @Test
  void aFolderThatCannotBeWrittenEndsTheProcessWithTheRemedy() throws Exception {
    Path file = Files.writeString(directory.resolve("taken"), "a file, not a folder");
    failing(Map.of("run.directory", file.resolve("run").toString()));
    assertThat(status.snapshot().getFailure())
        .contains(file.toString())
        .contains("earlier checkpoints are intact")
        .doesNotContain("\n");
  }

  @Test
  void aCompleteRunEndsTheProcessWhereItIsToldToAndElseLeavesItUp() {
    lifecycle(Map.of("learner.exit-when-complete", "true")).complete();
    assertThat(exits).containsExactly(0);

    exits.clear();
    lifecycle(Map.of()).complete();
    assertThat(exits).isEmpty();
  }

  private LearnerLifecycle failing(Map<String, String> changes) throws InterruptedException {
    LearnerLifecycle lifecycle = lifecycle(changes);
    lifecycle.start(new StartupEvent());
    assertThat(exits.poll(2, TimeUnit.MINUTES)).isEqualTo(1);
    lifecycle.stop(null);
    assertThat(status.snapshot().getState()).isEqualTo(RunState.RUN_STATE_FAILED);
    return lifecycle;
  }

  private LearnerLifecycle lifecycle(Map<String, String> changes) {
    Map<String, String> settings = new TreeMap<>(files.settings("failing", "localhost:1"));
    settings.putAll(changes);
    RunConfig config = ConfigLoader.load(null, Map.of(), settings);
    return new LearnerLifecycle(
        config, Messaging.of(config, "learner", InstantSource.system()), status, exits::add);
  }
}
