package dev.drpo.cli.rollouts;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.topics.RunSource;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.TopicView;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo rollouts tail}: groups as they are scored. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description =
        "Show groups as they are scored, and dead letters as they are written, until Ctrl-C.")
final class TailCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);

  @Spec private CommandSpec spec;
  @Mixin private RunSource source;
  @Mixin private Selection selection;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "0",
      description = "Begin with so many records that are there (default: ${DEFAULT-VALUE}).")
  private int last;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    selection.check();
    if (last < 0) {
      throw new UsageError("--last is %d; it must be 0 or more".formatted(last));
    }
    return Reading.exitCode(source, this::say, this::follow);
  }

  private void follow(Messaging messaging) throws IOException, InterruptedException {
    Reading.withText(
        source.config(),
        text -> {
          Printer printer = new Printer(selection, json, text, LineOutput.standard());
          try (TopicView<ScoredGroup> scored = Reading.scored(messaging, last);
              TopicView<DeadLetter> letters = Reading.deadLetters(messaging, last)) {
            while (true) {
              print(scored, letters, printer);
            }
          }
        });
  }

  private static void print(
      TopicView<ScoredGroup> scored, TopicView<DeadLetter> letters, Printer printer)
      throws IOException, InterruptedException {
    for (TopicView.Entry<ScoredGroup> entry : scored.poll(POLL)) {
      if (entry.value().isPresent()) {
        printer.print(entry.value().get());
      }
    }
    for (TopicView.Entry<DeadLetter> entry : letters.poll(Duration.ZERO)) {
      if (entry.value().isPresent()) {
        printer.print(entry.value().get());
      }
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
