package dev.drpo.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.run.Machines;
import dev.drpo.cli.run.Repository;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.cli.train.TrainOptions;
import dev.drpo.cli.train.TrainPlanning;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class PlanCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aPlanSaysWhichDeviceDoesWhatWithHowMuchInWhatTime() {
    assertThat(run("--preset", "drpo-1.5b-8k", "--gpus", "8x80GB")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains(
            "DeepSeek-R1-Distill-Qwen-1.5B, 1.78 billion parameters, on 8 x 80 GB",
            "cuda:0",
            "learner",
            "rollout",
            "of 80.0 GB",
            "gradients",
            "responses",
            "every rate is assumed",
            "of which heap",
            "--out FILE")
        // 3 checkpoints of 12 bytes a parameter, 4 snapshots and a patch of bfloat16, 3 exports.
        .containsPattern("the run's folder +90.3 GB")
        .containsPattern("temporary files of each replica +7.1 GB");
  }

  @ParameterizedTest
  @CsvSource({"drpo-1.5b-8k, 1", "drpo-1.5b-8k, 8", "drpo-7b-8k, 8"})
  void trainTakesWhatAPlanWrites(String preset, int gpus) throws IOException {
    Path file = folder.resolve("plan.yaml");
    assertThat(run("--preset", preset, "--gpus", gpus + "x80GB", "--out", file.toString()))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("start it with: ./drpo train --config " + file);

    Path inputs = Repository.in(folder.resolve("repository")).root().resolve("datasets/quickstart");
    RunPlan plan =
        new TrainPlanning(folder, folder, Map.of(), Clock.systemUTC(), Machines.with(gpus, 80))
            .plan(
                new TrainOptions(
                    TrainOptions.Command.TRAIN,
                    Optional.of(file),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(
                        "policy.path", inputs.resolve("policy").toString(),
                        "data.train", inputs.resolve("train.jsonl").toString(),
                        "data.heldout", inputs.resolve("heldout.jsonl").toString()),
                    OptionalInt.empty()));
    assertThat(plan.rollouts()).isEqualTo(gpus == 1 ? 1 : gpus - learners(plan));
    assertThat(plan.replicas()).allMatch(device -> device.startsWith("cuda:"));
  }

  private static int learners(RunPlan plan) {
    return plan.config().training().deviceNames().size();
  }

  @Test
  void aFoldersShapeIsEnough() throws IOException {
    Path policy = Repository.in(folder).root().resolve("datasets/quickstart/policy");
    Files.delete(policy.resolve("model.safetensors"));
    assertThat(run("--model", policy.toString(), "--gpus", "cpu"))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains(policy.toString(), "CPU", "learner, rollout");
  }

  @Test
  void whatDoesNotFitEndsWithTheNumbersAndTheRemedy() {
    assertThat(run("--model", "7b", "--gpus", "1x24GB")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("does not fit on 1 x 24 GB", "remedy:");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--gpus 8x80GB                             | plan needs a policy",
        "--model 1.5B --gpus 8x80                  | --gpus is 8x80; it must be cpu, or how many",
        "--model 1.5B --gpus 8x80GB --tokens 9000  | --tokens is 9000.0; it must be above 0",
        "--model 1.5B --gpus cpu --nodes 2         | --gpus cpu is this machine alone",
        "--model nowhere --gpus 8x80GB             | which is no folder; a folder with a config.json",
      })
  void whatCanNotBePlannedIsRefused(String arguments, String message) {
    assertThat(run(arguments.split(" +"))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void aFileThatExistsIsLeftAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "run: {id: mine}\n");
    assertThat(run("--model", "1.5B", "--gpus", "1x80GB", "--out", file.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("which exists; name a new file");
    assertThat(file).hasContent("run: {id: mine}");
  }

  private int run(String... arguments) {
    CommandLine command = Drpo.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length + 1];
    words[0] = "plan";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return command.execute(words);
  }
}
