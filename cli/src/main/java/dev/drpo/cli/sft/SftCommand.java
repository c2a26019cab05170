package dev.drpo.cli.sft;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.Interruption;
import dev.drpo.policy.sft.DivergedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo sft}: supervised fine-tuning. */
@Command(
    name = "sft",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fine-tune a policy on written responses: teach it the responses of traces, given their"
          + " prompts.",
      "",
      "Traces are JSON lines: {\"messages\": [...]} that end with the assistant's, {\"prompt\","
          + " \"response\"} as texts, or {\"promptTokens\", \"responseTokens\"}; other keys are"
          + " ignored.",
      "Write DIR/policy, a Hugging Face folder, and DIR/metrics.jsonl. Called again with the same"
          + " options, go on from the last checkpoint. Progress goes to stderr, the policy's digest to"
          + " stdout.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 the policy is written, 1 the training failed, 2 wrong options, a malformed"
          + " trace, no such file or policy, or too little memory, 130 interrupted."
    })
public final class SftCommand implements Callable<Integer> {
  /** How the tensor library says that a device is full. */
  private static final Pattern MEMORY =
      Pattern.compile("out of memory|can't allocate memory", Pattern.CASE_INSENSITIVE);

  @Spec private CommandSpec spec;

  @Mixin private StartOptions start;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the training.")
  private Path out;

  @Mixin private LearningOptions learning;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Leave out traces of more tokens, the prompt's included.")
  private Optional<Integer> maxTokens = Optional.empty();

  @Option(
      names = "--heldout",
      paramLabel = "FILE",
      description = "Traces whose loss is looked at, and which are not learned.")
  private Optional<Path> heldOut = Optional.empty();

  @Option(
      names = "--heldout-every",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Steps between two looks, beside those before the first step and after the last (default:"
              + " ${DEFAULT-VALUE}).")
  private int heldOutEvery;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "200",
      description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
  private int checkpointEvery;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the traces' order, and of random weights (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private PassOptions passes;

  @Override
  public Integer call() throws Exception {
    start.refuseImpossible();
    passes.refuseImpossible();
    requirePositive("--max-tokens", maxTokens.orElse(1));
    requirePositive("--heldout-every", heldOutEvery);
    requirePositive("--checkpoint-every", checkpointEvery);
    Recipe recipe = learning.recipe();
    recipe.files().forEach(file -> requireFile(Path.of(file)));
    heldOut.ifPresent(SftCommand::requireFile);
    return Interruption.exitCode(() -> train(recipe));
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new UsageError(option + " is " + value + "; it must be 1 or more");
    }
  }

  private static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UsageError(file + " is no file; give a file of traces as JSON lines");
    }
  }

  private int train(Recipe recipe) throws IOException, InterruptedException {
    SftRun run =
        new SftRun(
            new SftFolder(out),
            start,
            recipe,
            passes,
            new SftRun.Plan(maxTokens, heldOut, heldOutEvery, checkpointEvery, seed),
            this::say);
    try {
      String digest = run.train();
      PrintWriter console = spec.commandLine().getOut();
      console.println(digest);
      console.flush();
      return ExitCode.OK;
    } catch (DivergedException diverged) {
      return failed(diverged.getMessage());
    } catch (IOException failure) {
      if (Thread.currentThread().isInterrupted()) {
        // The interrupt closed the file.
        throw failure;
      }
      return failed(
          "a file can't be read or written: "
              + failure.getMessage()
              + "; the last checkpoint is whole, so that the same command goes on from it");
    } catch (IllegalStateException failure) {
      if (!MEMORY.matcher(String.valueOf(failure.getMessage())).find()) {
        throw failure;
      }
      return failed(
          failure.getMessage()
              + "; lower --tokens-per-pass or --workers, give --recompute or --dtype bfloat16, or"
              + " leave long traces out with --max-tokens");
    }
  }

  private int failed(String why) {
    say("drpo: " + why);
    return ExitCode.FAILED;
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
