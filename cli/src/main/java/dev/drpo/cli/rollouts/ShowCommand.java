package dev.drpo.cli.rollouts;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.topics.RunSource;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.TopicView;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo rollouts show}: the newest groups with their responses. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Show the newest groups: prompt, gold answers, and each response with its verdict, the rule"
            + " that decided, its length and text.")
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunSource source;
  @Mixin private Selection selection;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "10",
      description = "Most groups to show (default: ${DEFAULT-VALUE}).")
  private int last;

  @Option(
      names = "--dead-letters",
      description = "Show dead letters instead: records that could not be worked on, and why.")
  private boolean deadLetters;

  @Option(
      names = "--unscored",
      description = "Show groups instead that are sampled and wait for a judge.")
  private boolean unscored;

  @Option(
      names = "--kept",
      description =
          "Read the responses that the run keeps in its folder (docs/watching.md), not its topics;"
              + " so it is done anyway where the topics are gone.")
  private boolean kept;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    selection.check();
    if (last < 1) {
      throw new UsageError("--last is %d; it must be 1 or more".formatted(last));
    }
    if (unscored && (deadLetters || selection.choosesResponses())) {
      throw new UsageError(
          "--unscored shows groups that nobody has judged; leave --dead-letters, --right and"
              + " --wrong out");
    }
    if (kept && (deadLetters || unscored)) {
      throw new UsageError(
          "--kept shows judged responses; dead letters and unscored groups lie in the topics"
              + " alone");
    }
    source.check();
    if (kept && source.folder().isEmpty()) {
      throw new UsageError("--kept needs the folder of a run, where the responses are kept");
    }
    if (source.folder().isPresent() && !deadLetters && !unscored) {
      KeptSamples samples = KeptSamples.in(source.folder().get().path(), selection, json);
      if (kept || (samples.exist() && source.topicsAreGone())) {
        return Interruption.exitCode(() -> showKept(samples));
      }
    }
    return Reading.exitCode(source, this::say, this::show);
  }

  private int showKept(KeptSamples samples) throws IOException {
    try {
      if (samples.print(last, LineOutput.standard()) == 0) {
        say("drpo: no kept group is as asked for");
      }
      return ExitCode.OK;
    } catch (OutputFailure e) {
      return e.exitCode("the responses", this::say);
    }
  }

  private void show(Messaging messaging) throws IOException, InterruptedException {
    Reading.withText(
        source.config(),
        text -> {
          Printer printer = new Printer(selection, json, text, LineOutput.standard());
          if (deadLetters) {
            showLetters(messaging, printer);
          } else if (unscored) {
            showUnscored(messaging, printer);
          } else {
            showGroups(messaging, printer);
          }
        });
  }

  private void showGroups(Messaging messaging, Printer printer)
      throws IOException, InterruptedException {
    try (TopicView<ScoredGroup> scored = Reading.scored(messaging, Long.MAX_VALUE)) {
      print(
          scored.readToEnd().stream().flatMap(entry -> entry.value().stream()).toList(),
          "drpo: no scored group is as asked for",
          printer);
      Reading.tellRemoved(scored, this::say);
    }
  }

  private void showUnscored(Messaging messaging, Printer printer)
      throws IOException, InterruptedException {
    try (TopicView<RolloutGroup> rollouts = Reading.rollouts(messaging);
        TopicView<ScoredGroup> scored = Reading.scored(messaging, Long.MAX_VALUE)) {
      List<RolloutGroup> sampled =
          rollouts.readToEnd().stream().flatMap(entry -> entry.value().stream()).toList();
      Set<GroupId> judged =
          scored.readToEnd().stream()
              .flatMap(entry -> entry.value().stream())
              .map(group -> group.getGroup().getId())
              .collect(Collectors.toSet());
      print(
          sampled.stream()
              .filter(group -> !judged.contains(group.getId()))
              .map(ShowCommand::withoutVerdicts)
              .toList(),
          "drpo: no group waits for a judge",
          printer);
    }
  }

  private static ScoredGroup withoutVerdicts(RolloutGroup group) {
    return ScoredGroup.newBuilder()
        .setGroup(group)
        .addAllVerdicts(Collections.nCopies(group.getRolloutsCount(), Verdict.getDefaultInstance()))
        .build();
  }

  /** Prints the last of the groups that are chosen. */
  private void print(List<ScoredGroup> groups, String none, Printer printer) throws IOException {
    List<ScoredGroup> chosen =
        groups.stream()
            .filter(
                group ->
                    selection.has(group.getGroup().getId())
                        && !selection.responses(group).isEmpty())
            .toList();
    for (ScoredGroup group : chosen.subList(Math.max(0, chosen.size() - last), chosen.size())) {
      printer.print(group);
    }
    if (chosen.isEmpty()) {
      say(none);
    }
  }

  private void showLetters(Messaging messaging, Printer printer)
      throws IOException, InterruptedException {
    try (TopicView<DeadLetter> letters = Reading.deadLetters(messaging, Long.MAX_VALUE)) {
      List<DeadLetter> all =
          letters.readToEnd().stream().flatMap(entry -> entry.value().stream()).toList();
      for (DeadLetter letter : all.subList(Math.max(0, all.size() - last), all.size())) {
        printer.print(letter);
      }
      if (all.isEmpty()) {
        say("drpo: the run has no dead letters");
      }
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
