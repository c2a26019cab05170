package dev.drpo.cli.train;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.TopicSurvey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** Checks a broker that the user names. */
final class GivenBroker {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private GivenBroker() {}

  /**
   * Asks the broker, if the plan has one, whether the run can use it.
   *
   * @throws UsageError if it does not answer, or has records of another run of this id, from which
   *     a fresh run would learn
   */
  static void check(RunPlan plan) throws InterruptedException {
    if (plan.broker().isEmpty()) {
      return;
    }
    Set<String> topics;
    try {
      topics =
          TopicSurvey.existing(
              Messaging.of(plan.config(), "train", InstantSource.system()), PATIENCE);
    } catch (MessagingException e) {
      throw new UsageError(e.getMessage() + ", or leave it out: train then starts its own");
    }
    if (!topics.isEmpty() && !plan.folder().holdsRun()) {
      throw new UsageError(
          "the broker at %s has topics of a run %s, but %s holds no run; set run.id to a new name, name that run's folder with --out, or delete %s"
              .formatted(
                  plan.broker().get(),
                  plan.config().run().id(),
                  plan.folder(),
                  String.join(", ", topics)));
    }
  }
}
