package dev.drpo.cli.dataset;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.judge.Judge;
import dev.drpo.judge.limit.Limits;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.PolicyPrompt;
import dev.drpo.problems.Problem;
import dev.drpo.problems.inspection.AnswerKind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drpo dataset show}: single problems, and what a policy sees of them. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Show problems of a file by their ids, or by their numbers counted from 1.",
      "With --model, show the prompt as the policy sees it, too."
    })
final class ShowCommand implements Callable<Integer> {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  @Spec private CommandSpec spec;
  @Mixin private ProblemsFile file;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ID|NUMBER",
      description = "Problems to show (default: the first).")
  private List<String> wanted = List.of("1");

  private final Judge judge = new Judge(Limits.DEFAULT);

  @Override
  public Integer call() {
    List<Problem> problems = file.read().problems();
    List<Problem> found = wanted.stream().map(which -> find(problems, which)).toList();
    Optional<PolicyTokenizer> tokenizer = file.tokenizer();
    PrintWriter out = spec.commandLine().getOut();
    try {
      found.forEach(problem -> show(problem, tokenizer, out));
    } finally {
      tokenizer.ifPresent(PolicyTokenizer::close);
      out.flush();
    }
    return ExitCode.OK;
  }

  private Problem find(List<Problem> problems, String which) {
    Optional<Problem> byId =
        problems.stream().filter(problem -> problem.id().equals(which)).findFirst();
    if (byId.isPresent()) {
      return byId.get();
    }
    int number = NUMBER.matcher(which).matches() ? Integer.parseInt(which) : 0;
    if (number < 1 || number > problems.size()) {
      throw new UsageError(
          "%s has no problem %s; give an id such as %s, or a number from 1 to %d"
              .formatted(file.path(), which, problems.getFirst().id(), problems.size()));
    }
    return problems.get(number - 1);
  }

  private void show(Problem problem, Optional<PolicyTokenizer> tokenizer, PrintWriter out) {
    out.println("id        " + problem.id());
    problem
        .golds()
        .forEach(gold -> out.printf("gold      %s  (%s)%n", gold, AnswerKind.of(judge, gold).id()));
    new TreeMap<>(problem.metadata())
        .forEach((key, value) -> out.printf("metadata  %s: %s%n", key, value));
    for (ChatMessage message : problem.messages()) {
      out.println("--- " + message.role());
      out.println(message.content());
    }
    tokenizer.ifPresent(
        known -> {
          PolicyPrompt prompt = Tokenizers.prompt(problem, known);
          out.printf("--- prompt, %,d tokens%n", prompt.tokens());
          out.println(prompt.text());
        });
    out.println();
  }
}
