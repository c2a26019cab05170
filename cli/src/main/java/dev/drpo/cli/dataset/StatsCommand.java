package dev.drpo.cli.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.Problem;
import dev.drpo.problems.ProblemFile;
import dev.drpo.problems.inspection.Statistics;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo dataset stats}: what a file of problems holds. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = {
      "Show what a file of problems holds: how many, right answers for each, lengths of prompts,"
          + " kinds of answers as the judge reads them, values of metadata.",
      "Lengths are in characters of the messages, or with --model in tokens of the rendered prompt."
    })
final class StatsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProblemsFile file;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    ProblemFile problems = file.read();
    Optional<PolicyTokenizer> tokenizer = file.tokenizer();
    try {
      Statistics statistics =
          Statistics.of(
              problems.problems(),
              problem ->
                  tokenizer
                      .map(known -> Tokenizers.prompt(problem, known).tokens())
                      .orElseGet(() -> characters(problem)));
      StatsReport report =
          new StatsReport(problems, statistics, tokenizer.isPresent() ? "tokens" : "characters");
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(report.json());
      } else {
        report.lines().forEach(out::println);
      }
      out.flush();
    } finally {
      tokenizer.ifPresent(PolicyTokenizer::close);
    }
    return ExitCode.OK;
  }

  private static int characters(Problem problem) {
    return problem.messages().stream()
        .map(ChatMessage::content)
        .mapToInt(text -> text.codePointCount(0, text.length()))
        .sum();
  }
}
