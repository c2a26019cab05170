package dev.drpo.cli.arithmetic;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.Decoder;
import dev.drpo.policy.ModelConfig;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code drpo warm-start}: makes the policy that the quickstart's training starts from. */
@Command(
    name = "warm-start",
    description =
        "Train the quickstart's starting policy on written traces, from random weights (about ten"
            + " minutes), and write it as a Hugging Face folder.",
    showDefaultValues = true)
public final class WarmStartCommand implements Callable<Integer> {
  private static final int STEPS_PER_LINE = 20;
  private static final int EVALUATED_PROBLEMS = 256;

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
      description =
          "The same seed and threads give the same weights on the same kind of processor.")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads of one tensor operation.")
  private int threads;

  @Option(
      names = "--steps-scale",
      paramLabel = "X",
      defaultValue = "1.0",
      description = "Multiplies the steps of every stage; below 1 for a quick trial.")
  private double stepsScale;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it before call()
  private boolean help;

  @Override
  public Integer call() throws IOException {
    require(threads >= 1, "--threads is %d; it must be 1 or more", threads);
    require(
        stepsScale > 0 && stepsScale <= 100,
        "--steps-scale is %s; it must be above 0 and at most 100",
        stepsScale);
    requireWritable();
    TensorEngine.setThreads(threads);
    TensorEngine.prepareThread();
    WarmStartRecipe recipe = WarmStartRecipe.STANDARD.scaled(stepsScale);
    try (NDManager manager = TensorEngine.newManager();
        WarmStart warmStart = WarmStart.begin(manager, PolicyFiles.ARCHITECTURE, recipe, seed)) {
      train(warmStart, recipe.steps());
      PolicyFiles.write(out);
      warmStart.policy().save(out.resolve("model.safetensors"), ElementType.F32);
      evaluate(warmStart.policy());
    }
    return ExitCode.OK;
  }

  private void train(WarmStart warmStart, int steps) {
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

  private void evaluate(Decoder policy) {
    for (double temperature : new double[] {1.0, 0.6}) {
      HeldOutEvaluation.Result result =
          HeldOutEvaluation.of(policy, EVALUATED_PROBLEMS, temperature);
      print(
          "%s: accuracy %.3f, %.1f tokens on average at temperature %.1f (%,d held-out samples)",
          out, result.accuracy(), result.meanLength(), temperature, result.samples());
    }
  }

  /** Minutes of training must not end in a folder that can't be written. */
  private void requireWritable() throws IOException {
    try {
      Files.createDirectories(out);
      Files.delete(Files.createTempFile(out, "writable", null));
    } catch (IOException e) {
      throw new IOException(
          "cannot write a policy to %s (%s); choose a writable folder with --out, with 10 MB free"
              .formatted(out, e),
          e);
    }
  }

  private void require(boolean satisfied, String message, Object value) {
    if (!satisfied) {
      throw new ParameterException(spec.commandLine(), message.formatted(value));
    }
  }

  private void print(String format, Object... values) {
    PrintWriter console = spec.commandLine().getOut();
    console.printf(format + "%n", values);
    console.flush();
  }
}
