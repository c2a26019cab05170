package dev.drpo.cli.logprobs;

import ai.djl.ndarray.NDManager;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.lines.LineSource;
import dev.drpo.cli.lines.LinesFile;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.cli.policy.PolicyOptions;
import dev.drpo.cli.policy.TensorThreads;
import dev.drpo.cli.process.Interruption;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.trainer.PolicyScorer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo logprobs}: token ids in, their log-probabilities out. */
@Command(
    name = "logprobs",
    mixinStandardHelpOptions = true,
    description = {
      "Give the log-probabilities of tokens, by the forward pass that training runs.",
      "",
      "Read JSON lines: {\"tokens\": [...]}, token ids; other keys but \"id\" are ignored.",
      "Write a line for each, in the same order: {\"logprobs\": [...]}, natural logarithms, one per"
          + " token from the second on, with the digits that give back the same 32-bit float; or"
          + " {\"line\", \"error\"} if the line is malformed. Both carry the \"id\" of a line that has"
          + " one. A summary goes to stderr.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 every line was scored, 1 some line was malformed or the input broke off, 2"
          + " wrong options or no such file or policy, 130 interrupted, 141 the output was closed."
    })
public final class LogprobsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private PolicyOptions policy;

  @Mixin private LinesFile file;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1",
      description = "Divide the logits (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Mixin private TensorThreads threads;

  @Option(
      names = "--tokens-per-batch",
      paramLabel = "N",
      defaultValue = "4096",
      description = {
        "Most tokens of one forward pass (default: ${DEFAULT-VALUE}).",
        "A longer sequence has a pass to itself."
      })
  private int tokensPerBatch;

  @Override
  public Integer call() throws Exception {
    refuseImpossibleOptions();
    try (LineSource source = file.open()) {
      return Interruption.exitCode(() -> score(source));
    }
  }

  private void refuseImpossibleOptions() {
    if (!(temperature > 0 && Double.isFinite(temperature))) {
      throw new UsageError("--temperature is " + temperature + "; it must be above 0 and finite");
    }
    threads.refuseImpossible();
    if (tokensPerBatch < 1) {
      throw new UsageError("--tokens-per-batch is " + tokensPerBatch + "; it must be 1 or more");
    }
  }

  private int score(LineSource source) throws InterruptedException {
    PolicyFolder folder = policy.folder();
    ElementType type = policy.type();
    threads.prepare();
    try (NDManager manager = TensorEngine.newManager(policy.device());
        PolicyScorer scorer = load(manager, folder, type)) {
      Interruption.check();
      if (source.isTerminal()) {
        say("drpo: reading JSON lines from the terminal; Ctrl-D ends them");
      }
      return score(scorer, source);
    }
  }

  private PolicyScorer load(NDManager manager, PolicyFolder folder, ElementType type) {
    ModelConfig config = folder.config();
    try (Safetensors weights = folder.openWeights()) {
      return new PolicyScorer(Decoder.load(manager, config, weights), type);
    }
  }

  private int score(PolicyScorer scorer, LineSource source) throws InterruptedException {
    long start = System.nanoTime();
    try {
      ScoreStream.Tally tally =
          ScoreStream.run(
              scorer, temperature, tokensPerBatch, source.stream(), LineOutput.standard());
      say(summary(tally, Duration.ofNanos(System.nanoTime() - start)));
      return tally.malformed() == 0 ? ExitCode.OK : ExitCode.FAILED;
    } catch (OutputFailure failure) {
      return failure.exitCode("the log-probabilities", this::say);
    } catch (IOException failure) {
      say("drpo: %s can't be read to its end: %s".formatted(source.name(), failure.getMessage()));
      return ExitCode.FAILED;
    }
  }

  private static String summary(ScoreStream.Tally tally, Duration elapsed) {
    double seconds = elapsed.toNanos() / 1e9;
    return String.format(
        Locale.ROOT,
        "scored %,d %s, %,d tokens in %.2f s, %,.0f tokens/s%s",
        tally.sequences(),
        tally.sequences() == 1 ? "sequence" : "sequences",
        tally.tokens(),
        seconds,
        tally.tokens() / Math.max(seconds, 1e-9),
        tally.malformed() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "; %,d malformed, each with an error in the output",
                tally.malformed()));
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
