package dev.drpo.cli.dataset;

import dev.drpo.cli.dataset.source.Fields;
import dev.drpo.cli.dataset.source.Prompts;
import dev.drpo.cli.dataset.source.Source;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.Problem;
import dev.drpo.problems.curation.Curation;
import dev.drpo.problems.curation.Duplicates;
import dev.drpo.problems.curation.EvaluationSets;
import dev.drpo.problems.curation.LeftOut.Reason;
import dev.drpo.problems.curation.ProblemText;
import dev.drpo.problems.curation.PromptLimit;
import dev.drpo.problems.curation.SeededDraw;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which problems come along. The options are applied in the order in which they stand here. */
final class CurationOptions {
  @Option(
      names = "--exclude",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Leave out problems that these evaluation sets have, too, by their texts; files as those"
              + " that are imported, or imported ones.")
  private List<Path> evaluationSets = List.of();

  @Option(
      names = "--deduplicate",
      description = "Keep the first of problems with one text; report those whose answers differ.")
  private boolean deduplicate;

  @Option(
      names = "--max-prompt-tokens",
      paramLabel = "N",
      description = "Leave out prompts that are longer, as --model renders them.")
  private Optional<Integer> maxPromptTokens = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Hugging Face folder of the policy whose tokenizer and chat template count.")
  private Optional<Path> model = Optional.empty();

  @Option(names = "--sample", paramLabel = "N", description = "Draw N problems at random.")
  private Optional<Integer> sample = Optional.empty();

  @Option(names = "--limit", paramLabel = "N", description = "Keep the first N problems.")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--split",
      paramLabel = "NAME=FRACTION",
      description =
          "Draw a part of the problems at random into a file of its own, FILE-NAME; may be"
              + " repeated. The rest goes to FILE.")
  private LinkedHashMap<String, Double> parts = new LinkedHashMap<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of --sample and --split (default: 0).")
  private Optional<Long> seed = Optional.empty();

  /**
   * Refuses what can't be, before anything is read.
   *
   * @throws UsageError if an option's value is out of bounds, or options need others
   */
  void check() {
    refuseBelowOne("--max-prompt-tokens", maxPromptTokens);
    refuseBelowOne("--sample", sample);
    refuseBelowOne("--limit", limit);
    if (maxPromptTokens.isPresent() != model.isPresent()) {
      throw new UsageError(
          "--max-prompt-tokens and --model go together: the policy's tokenizer counts the tokens");
    }
    if (seed.isPresent() && sample.isEmpty() && parts.isEmpty()) {
      throw new UsageError("--seed draws for --sample and --split; give one of them, too");
    }
    parts.forEach(
        (name, fraction) -> {
          if (!name.matches("[\\w.-]+")) {
            throw new UsageError(
                "--split names the part '%s'; a name has letters, digits, dots, - and _"
                    .formatted(name));
          }
          if (fraction == null || !(fraction > 0 && fraction < 1)) {
            throw new UsageError(
                "--split %s is %s; a part is above 0 and below 1".formatted(name, fraction));
          }
        });
    if (parts.values().stream().mapToDouble(Double::doubleValue).sum() >= 1) {
      throw new UsageError(
          "--split gives parts that come to 1 or more; leave something for --out itself");
    }
  }

  private static void refuseBelowOne(String option, Optional<Integer> number) {
    if (number.filter(n -> n < 1).isPresent()) {
      throw new UsageError(option + " is " + number.get() + "; it must be 1 or more");
    }
  }

  /** Names of the parts that {@code --split} asks for. */
  List<String> parts() {
    return List.copyOf(parts.keySet());
  }

  List<Path> evaluationSets() {
    return evaluationSets;
  }

  /** Leaves out what was asked for, but for the parts. */
  void apply(Curation curation, ProblemText text) {
    if (!evaluationSets.isEmpty()) {
      EvaluationSets sets = new EvaluationSets(text);
      for (Path file : evaluationSets) {
        Curation set = new Curation();
        Source.read(Source.nameOf(file), file, Fields.Named.NONE, Optional.empty())
            .addTo(set, new Prompts(Optional.empty(), Optional.of("")), false);
        sets.add(file.toString(), set.problems());
      }
      curation.filter(sets);
    }
    if (deduplicate) {
      curation.filter(new Duplicates(text));
    }
    if (model.isPresent()) {
      try (PolicyTokenizer tokenizer = Tokenizers.load(model.get())) {
        curation.filter(new PromptLimit(tokenizer, maxPromptTokens.orElseThrow()));
      }
    }
    sample.ifPresent(
        count ->
            curation.keepOnly(draw(text).sample(curation.problems(), count), Reason.NOT_SAMPLED));
    limit.ifPresent(
        count ->
            curation.keepOnly(
                curation.problems().stream().limit(count).toList(), Reason.BEYOND_LIMIT));
  }

  private SeededDraw draw(ProblemText text) {
    return new SeededDraw(seed.orElse(0L), text);
  }

  /** The problems by part, the rest under the empty name. */
  Map<String, List<Problem>> split(Curation curation, ProblemText text) {
    return draw(text).split(curation.problems(), parts);
  }
}
