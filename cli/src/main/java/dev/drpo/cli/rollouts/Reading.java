package dev.drpo.cli.rollouts;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.topics.RunSource;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.TopicView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the commands that read a run's topics have in common. */
final class Reading {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Reading() {}

  /** Reads topics. */
  interface Work {
    void with(Messaging messaging) throws IOException, InterruptedException;
  }

  /**
   * Opens a run's topics and reads them.
   *
   * @param say tells a person
   * @return the command's exit code
   */
  static int exitCode(RunSource source, Consumer<String> say, Work work) throws Exception {
    source.check();
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    return Interruption.exitCode(
        () -> {
          try (RunSource.Access access = source.open(root)) {
            work.with(access.messaging());
            return ExitCode.OK;
          } catch (OutputFailure e) {
            return e.exitCode("the responses", say);
          } catch (ProcessFailure e) {
            say.accept("drpo: " + e.getMessage());
            return ExitCode.FAILED;
          } catch (MessagingException e) {
            throw new UsageError(e.getMessage());
          }
        });
  }

  /** The scored groups, from the last of them or from the beginning on. */
  static TopicView<ScoredGroup> scored(Messaging messaging, long last) throws InterruptedException {
    return TopicView.open(
        messaging, messaging.topics().scored(), ScoredGroup.parser(), last, PATIENCE);
  }

  /** The groups that replicas have sampled, scored or not, as far as they are not removed. */
  static TopicView<RolloutGroup> rollouts(Messaging messaging) throws InterruptedException {
    return TopicView.open(
        messaging, messaging.topics().rollouts(), RolloutGroup.parser(), PATIENCE);
  }

  /** The dead letters, from the last of them or from the beginning on. */
  static TopicView<DeadLetter> deadLetters(Messaging messaging, long last)
      throws InterruptedException {
    return TopicView.open(
        messaging, messaging.topics().deadLetters(), DeadLetter.parser(), last, PATIENCE);
  }

  /** Tells of groups that are no more. */
  static void tellRemoved(TopicView<?> view, Consumer<String> say) {
    if (view.removed() > 0) {
      say.accept(
          "drpo: %d older groups are not shown: the learner has had them removed, since no checkpoint needs them"
              .formatted(view.removed()));
    }
  }

  /** Work that reads prompts as text. */
  interface TextWork {
    void with(GroupText text) throws IOException, InterruptedException;
  }

  /**
   * Turns prompts into text by the run's own tokenizer, where its policy lies on this machine; else
   * shows their token ids.
   */
  static void withText(Optional<RunConfig> config, TextWork work)
      throws IOException, InterruptedException {
    Optional<Path> policy =
        config
            .map(run -> run.policy().path())
            .filter(path -> Files.isReadable(path.resolve("tokenizer.json")));
    if (policy.isEmpty()) {
      work.with(new GroupText(List::toString));
      return;
    }
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(policy.get())) {
      work.with(
          new GroupText(
              tokens -> tokenizer.decode(tokens.stream().mapToInt(Integer::intValue).toArray())));
    }
  }
}
