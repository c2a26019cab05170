package dev.drpo.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.process.FreePorts;
import dev.drpo.cli.process.InstalledBroker;
import dev.drpo.cli.process.ReadyLine;
import dev.drpo.cli.process.Supervisor;
import dev.drpo.cli.quickstart.DrpoProcess;
import dev.drpo.cli.quickstart.FinishedRun;
import dev.drpo.policy.checkpoint.PolicyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** A user's own data and configuration through the packaged services and a broker of the user's. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class TrainIT {
  private static final Path DATA = DrpoProcess.root().resolve("datasets/quickstart");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int STEPS = 2;
  private static final int PROMPTS_PER_STEP = 4;

  @TempDir Path folder;

  @Test
  void aRunOnTheUsersBrokerLeavesItsPolicyAndItsIdIsNotUsedTwice() throws Exception {
    configure();
    try (Supervisor supervisor = new Supervisor(new FreePorts(), PATIENCE, line -> {})) {
      String broker = broker(supervisor);
      try (DrpoProcess drpo = train("--broker", broker, "--out", "run")) {
        assertThat(drpo.awaitEnd()).as(drpo.output()).isEqualTo(ExitCode.OK);
        assertThat(drpo.survivors()).isEmpty();
      }
      FinishedRun run = new FinishedRun(folder.resolve("run"));
      assertThat(run.steps()).containsExactly(1L, 2L);
      assertThat(run.groups("trained")).isEqualTo(STEPS * PROMPTS_PER_STEP);
      assertThat(run.report().path("before").path("samples").asLong(-1)).isZero();
      assertThat(run.loggedErrors()).isEmpty();
      assertThat(run.folder().resolve("kafka")).doesNotExist();
      assertThat(run.folder().resolve("logs/broker.log")).doesNotExist();
      PolicyFolder policy = new PolicyFolder(run.folder().resolve("policy"));
      policy.requireLoadable();
      assertThat(Files.mismatch(policy.weightsFile(), DATA.resolve("policy/model.safetensors")))
          .isNotNegative();

      try (DrpoProcess again = train("--broker", broker, "--out", "other")) {
        assertThat(again.awaitEnd()).isEqualTo(ExitCode.USAGE);
        assertThat(again.output())
            .contains("the broker at " + broker + " has topics of a run mine")
            .contains("set run.id to a new name")
            .hasLineCount(1);
      }
      assertThat(folder.resolve("other")).doesNotExist();
    }
  }

  private void configure() throws IOException {
    List<String> problems = Files.readAllLines(DATA.resolve("train.jsonl")).subList(0, 12);
    Files.write(folder.resolve("problems.jsonl"), problems);
    Files.writeString(
        folder.resolve("mine.yaml"),
        """
        run: {id: mine}
        policy: {path: '%s'}
        data: {train: problems.jsonl}
        sampling: {temperature: 1, group-size: 4, max-prompt-tokens: 32, max-response-tokens: 256}
        optimizer: {learning-rate: 3.0e-4}
        training: {steps: %d, prompts-per-step: %d, mini-batches-per-step: 2}
        evaluation: {problems: 0}
        rollout: {slots: 16}
        """
            .formatted(DATA.resolve("policy"), STEPS, PROMPTS_PER_STEP));
  }

  private DrpoProcess train(String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("train", "--config", "mine.yaml"));
    words.addAll(List.of(options));
    return DrpoProcess.start(folder, words.toArray(String[]::new));
  }

  private String broker(Supervisor supervisor) throws Exception {
    Supervisor.Service broker =
        supervisor.start(
            InstalledBroker.under(DrpoProcess.root())
                .spec(folder.resolve("kafka"), folder.resolve("broker.log"), System.getenv()));
    supervisor.awaitReady(PATIENCE, List.of(broker));
    return new ReadyLine().address(broker.process()).orElseThrow();
  }
}
