package dev.drpo.cli.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.DataException;
import dev.drpo.problems.ProblemFile;
import dev.drpo.problems.curation.ProblemFilter;
import dev.drpo.problems.curation.PromptLimit;
import dev.drpo.problems.inspection.Finding;
import dev.drpo.problems.inspection.Finding.Kind;
import dev.drpo.problems.inspection.Validation;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo dataset validate}: what is wrong with a file of problems. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Look for what would cost a run samples: a broken format, duplicates, right answers that the"
          + " judge can't read or that have no value, and with --model prompts over a limit.",
      "Print one line per finding: kind, id, detail."
    },
    footer = {"", "Exit codes: 0 nothing was found, 1 something was, 2 wrong options."})
final class ValidateCommand implements Callable<Integer> {
  /** The default of {@code sampling.max-prompt-tokens}. */
  private static final int MAX_PROMPT_TOKENS = 1024;

  @Spec private CommandSpec spec;
  @Mixin private ProblemsFile file;

  @Option(
      names = "--max-prompt-tokens",
      paramLabel = "N",
      description = "Longest prompt that a run takes (default: 1024, the runs' own).")
  private Optional<Integer> maxPromptTokens = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object per finding.")
  private boolean json;

  @Override
  public Integer call() {
    if (maxPromptTokens.filter(tokens -> tokens < 1).isPresent()) {
      throw new UsageError(
          "--max-prompt-tokens is " + maxPromptTokens.get() + "; it must be 1 or more");
    }
    Optional<PolicyTokenizer> tokenizer = file.tokenizer();
    if (maxPromptTokens.isPresent() && tokenizer.isEmpty()) {
      throw new UsageError("--max-prompt-tokens needs --model, whose tokenizer counts the tokens");
    }
    try {
      List<Finding> findings = findings(tokenizer);
      findings.forEach(this::print);
      spec.commandLine().getOut().flush();
      spec.commandLine().getErr().println(summary(findings));
      return findings.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    } finally {
      tokenizer.ifPresent(PolicyTokenizer::close);
    }
  }

  private List<Finding> findings(Optional<PolicyTokenizer> tokenizer) {
    try {
      Optional<ProblemFilter> limit =
          tokenizer.map(known -> new PromptLimit(known, maxPromptTokens.orElse(MAX_PROMPT_TOKENS)));
      return Validation.of(ProblemFile.read(file.path()).problems(), limit);
    } catch (DataException malformed) {
      return List.of(new Finding(Kind.MALFORMED, "", malformed.getMessage()));
    }
  }

  private void print(Finding finding) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper()
              .createObjectNode()
              .put("kind", finding.kind().id())
              .put("id", finding.id())
              .put("detail", finding.detail()));
    } else {
      out.println(
          "%s  %s  %s"
              .formatted(finding.kind().id(), finding.id(), finding.detail().replace('\n', ' ')));
    }
  }

  private String summary(List<Finding> findings) {
    if (findings.isEmpty()) {
      return "drpo: nothing is wrong with " + file.path();
    }
    Map<Kind, Long> counts =
        findings.stream()
            .collect(
                Collectors.groupingBy(
                    Finding::kind, () -> new EnumMap<>(Kind.class), Collectors.counting()));
    return "drpo: %s: %s"
        .formatted(
            file.path(),
            counts.entrySet().stream()
                .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey().id()))
                .collect(Collectors.joining(", ")));
  }
}
