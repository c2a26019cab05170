package dev.drpo.cli.explain;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.objectives.AllCorrect;
import dev.drpo.objectives.Drpo;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo explain}: a group in, every objective's weights out. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Show what every objective would make of a group of responses.",
      "",
      "The weight of a response is the derivative of the maximised objective by its mean token"
          + " log-probability, at the sampling policy, with the group as the whole mini-batch and"
          + " all responses equally likely by the token. It is computed by the code that training"
          + " runs, with the default options of each objective.",
      ""
    },
    footer = {
      "",
      "Example: ./drpo explain --rewards 1,1,1,0,0,0 --lengths 100,200,900,50,60,70 --max-length"
          + " 1000"
    })
public final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--rewards",
      required = true,
      paramLabel = "R,R,…",
      description =
          "Reward of each response: 1 for a right answer, 0 for a wrong one. Any other number is"
              + " right if it is above 0, and counts by its size with grpo and dr-grpo.")
  private String rewards;

  @Option(
      names = "--lengths",
      required = true,
      paramLabel = "L,L,…",
      description = "Length of each response in tokens.")
  private String lengths;

  @Option(
      names = "--max-length",
      paramLabel = "C",
      description = "The longest response allowed, in tokens (default: 8192).")
  private Optional<Integer> maxLength = Optional.empty();

  @Option(
      names = "--lambda",
      paramLabel = "X",
      description = "Temperature of drpo's length reward (default: 0.1); Infinity ignores length.")
  private Optional<Double> lambda = Optional.empty();

  @Option(
      names = "--all-correct",
      paramLabel = "none|pull|contrast",
      description = "What drpo makes of a group that is all right (default: none).")
  private String allCorrect = Drpo.Config.DEFAULT.allCorrect().word();

  @Option(
      names = "--json",
      description = "Print {\"rewards\", \"lengths\", \"objectives\": {name: weights}} instead.")
  private boolean json;

  @Override
  public Integer call() {
    GivenGroup group =
        GivenGroup.parse(
            rewards,
            lengths,
            maxLength.orElseGet(
                () -> ConfigLoader.load(null, Map.of(), Map.of()).sampling().maxResponseTokens()));
    Explanation explanation = Explanation.of(group, drpo());
    PrintWriter out = spec.commandLine().getOut();
    List<String> lines =
        json ? List.of(ExplanationJson.line(explanation)) : ExplanationTable.lines(explanation);
    lines.forEach(out::println);
    out.flush();
    return ExitCode.OK;
  }

  private Drpo.Config drpo() {
    Drpo.Config byDefault = Drpo.Config.DEFAULT;
    try {
      return lambda
          .map(byDefault::withLambda)
          .orElse(byDefault)
          .withAllCorrect(AllCorrect.named(allCorrect));
    } catch (IllegalArgumentException e) {
      throw new UsageError("--" + e.getMessage());
    }
  }
}
