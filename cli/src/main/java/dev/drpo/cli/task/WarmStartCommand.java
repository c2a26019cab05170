package dev.drpo.cli.task;

import ai.djl.ndarray.NDManager;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.policy.TensorThreads;
import dev.drpo.cli.process.Interruption;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo warm-start}: makes the policy that the quickstart's training starts from. */
@Command(
    name = "warm-start",
    mixinStandardHelpOptions = true,
    description = {
      "Make the policy that the quickstart starts from, as datasets/quickstart/policy holds it.",
      "Train random weights on written traces, which takes some 20 minutes on one core, and write"
          + " a Hugging Face folder."
    })
public final class WarmStartCommand implements Callable<Integer> {
  private static final int STEPS_PER_LINE = 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the policy; the files of a policy in it are replaced at the end.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "The same seed and threads give the same weights on the same kind of processor",
        "(default: ${DEFAULT-VALUE})."
      })
  private long seed;

  @Mixin private TensorThreads threads;

  @Option(
      names = "--steps-scale",
      paramLabel = "X",
      defaultValue = "1.0",
      description =
          "Multiply the steps of every stage; below 1 for a quick trial (default:"
              + " ${DEFAULT-VALUE}).")
  private double stepsScale;

  @Option(
      names = "--evaluated-problems",
      paramLabel = "N",
      defaultValue = "256",
      description =
          "Held-out problems to measure the policy on at the end; 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  private int evaluatedProblems;

  @Override
  public Integer call() throws Exception {
    refuseImpossibleOptions();
    OutputFolder.prepare(out);
    threads.prepare();
    return Interruption.exitCode(this::make);
  }

  private void refuseImpossibleOptions() {
    threads.refuseImpossible();
    if (!(stepsScale > 0 && stepsScale <= 100)) {
      throw new UsageError(
          "--steps-scale is " + stepsScale + "; it must be above 0 and at most 100");
    }
    if (evaluatedProblems < 0) {
      throw new UsageError(
          "--evaluated-problems is " + evaluatedProblems + "; it must be 0 or more");
    }
  }

  private int make() throws IOException, InterruptedException {
    WarmStartRecipe recipe = WarmStartRecipe.STANDARD.scaled(stepsScale);
    try (NDManager manager = TensorEngine.newManager();
        WarmStart warmStart = WarmStart.begin(manager, PolicyFiles.ARCHITECTURE, recipe, seed)) {
      train(warmStart, recipe.steps());
      PolicyFiles.write(out);
      warmStart.policy().save(new PolicyFolder(out).weightsFile(), ElementType.F32);
      print("%s: policy written (seed %d)", out, seed);
      if (evaluatedProblems > 0) {
        evaluate(warmStart.policy());
      }
      return ExitCode.OK;
    }
  }

  private void train(WarmStart warmStart, int steps) throws InterruptedException {
    long start = System.nanoTime();
    double loss = 0;
    long tokens = 0;
    while (!warmStart.finished()) {
      WarmStart.StepResult result = warmStart.step();
      loss += result.loss() / STEPS_PER_LINE;
      tokens += result.tokens();
      if (result.step() % STEPS_PER_LINE == 0) {
        double seconds = (System.nanoTime() - start) / 1e9;
        Duration left =
            Duration.ofSeconds(Math.round(seconds / result.step() * (steps - result.step())));
        print(
            "step %d/%d  %s  loss %.4f  %,.0f tokens/s  %d min %02d s left",
            result.step(),
            steps,
            result.stage().name(),
            loss,
            tokens / seconds,
            left.toMinutes(),
            left.toSecondsPart());
        loss = 0;
      }
    }
  }

  private void evaluate(Decoder policy) throws InterruptedException {
    for (double temperature : new double[] {1.0, 0.6}) {
      HeldOutEvaluation.Result result =
          HeldOutEvaluation.of(policy, evaluatedProblems, temperature);
      print(
          "accuracy %.3f, %.1f tokens on average at temperature %.1f (%,d held-out samples)",
          result.accuracy(), result.meanLength(), temperature, result.samples());
    }
  }

  private void print(String format, Object... values) {
    PrintWriter console = spec.commandLine().getOut();
    console.printf(format + "%n", values);
    console.flush();
  }
}
