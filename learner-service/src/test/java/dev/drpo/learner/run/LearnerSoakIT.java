package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.learner.RunFiles;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the packaged learner takes must not grow with the steps it has done. {@code
 * -Ddrpo.soak.steps=2000} makes it a long run.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class LearnerSoakIT {
  private static final Logger LOG = Logger.getLogger(LearnerSoakIT.class);
  private static final int STEPS = Integer.getInteger("drpo.soak.steps", 600);
  private static final int WINDOWS = 9;
  private static final int STEPS_IN_A_WINDOW = STEPS / 2 / WINDOWS;
  private static final int WARM_UP_STEPS = STEPS - WINDOWS * STEPS_IN_A_WINDOW - 1;

  /** The policy takes 63 KiB, and so do its gradients, each of its moments and a copy of it. */
  private static final int MAX_KIBIBYTES_A_STEP = 8;

  private static final int MAX_HANDLES = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  @TempDir Path directory;

  /** A stretch of steps: memory at its end, and the fewest handles at any time in it. */
  private record Window(long residentKibibytes, long handles) {}

  @Test
  void memoryAndHandlesStayFlatOverHundredsOfSteps() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
      RunConfig config = config(RunFiles.write(directory), broker);
      List<Window> windows = new ArrayList<>();
      try (ScriptedWorker worker =
              new ScriptedWorker(Messaging.of(config, "learner-test", InstantSource.system()));
          LearnerProcess learner = start(config)) {
        Window start = observe(learner, config, WARM_UP_STEPS);
        for (int window = 1; window <= WINDOWS; window++) {
          windows.add(observe(learner, config, WARM_UP_STEPS + window * STEPS_IN_A_WINDOW));
        }
        assertThat(worker.failure()).isEmpty();
        LOG.infof(
            "after %d steps %s, then every %d steps %s",
            WARM_UP_STEPS, start, STEPS_IN_A_WINDOW, windows);
        learner.awaitCompletion();
        // The machine's and the virtual machine's own memory moves by fits and starts, while what
        // a step leaves behind grows in every window.
        assertThat(medianGrowth(start, windows))
            .as("%s, %s", start, windows)
            .isLessThan((long) MAX_KIBIBYTES_A_STEP * STEPS_IN_A_WINDOW);
        assertThat(windows.getLast().handles())
            .as("%s, %s", start, windows)
            .isLessThan(windows.getFirst().handles() + MAX_HANDLES);
      }
    }
  }

  private LearnerProcess start(RunConfig config) throws IOException {
    // A heap that is all there from the start leaves only native memory to grow.
    return LearnerProcess.start(
        config, directory.resolve("learner.log"), "-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch");
  }

  /** Watches until so many steps are done. */
  private static Window observe(LearnerProcess learner, RunConfig config, int steps)
      throws IOException {
    AtomicLong handles = new AtomicLong(Long.MAX_VALUE);
    Await.until(
        steps + " steps",
        PATIENCE,
        () -> {
          learner.requireAlive();
          handles.accumulateAndGet(learner.handles(config.run().directory()), Math::min);
          return done(config) >= steps;
        });
    return new Window(learner.residentKibibytes(), handles.get());
  }

  private static long done(RunConfig config) throws IOException {
    Path metrics = config.run().directory().resolve("metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines.count();
    }
  }

  private static long medianGrowth(Window start, List<Window> windows) {
    List<Long> growth = new ArrayList<>();
    long before = start.residentKibibytes();
    for (Window window : windows) {
      growth.add(window.residentKibibytes() - before);
      before = window.residentKibibytes();
    }
    return growth.stream().sorted().toList().get(WINDOWS / 2);
  }

  private static RunConfig config(RunFiles files, EmbeddedBroker broker) {
    Map<String, String> settings = new TreeMap<>(files.settings("soak", broker.bootstrapServers()));
    settings.put("training.steps", Integer.toString(STEPS));
    settings.put("training.checkpoint-every", "5");
    settings.put("training.max-lag", "1");
    settings.put("training.threads", "2");
    settings.put("training.gap-alarm-of-delta", "Infinity");
    settings.put("weights.type", "bfloat16");
    settings.put("weights.most-patch-fraction", "1");
    settings.put("optimizer.learning-rate", "1e-5");
    return ConfigLoader.load(null, Map.of(), settings);
  }
}
