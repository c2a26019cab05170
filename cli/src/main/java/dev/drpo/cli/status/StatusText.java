package dev.drpo.cli.status;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.runtime.messaging.TopicState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's state as lines for people. */
final class StatusText {
  private static final String TOPIC = "%-14s %10s %10s %10s  %s";
  private static final String REPLICA = "%-14s %8s %8s %10s  %s";
  private static final String STATE_PREFIX = "RUN_STATE_";

  private StatusText() {}

  static List<String> lines(Standing state, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(state));
    state.learner().map(StatusText::progress).ifPresent(lines::addAll);
    if (!state.topics().isEmpty()) {
      lines.add("");
      lines.add(TOPIC.formatted("topic", "records", "removed", "waiting", "workers"));
      for (TopicState topic : state.topics()) {
        lines.add(
            TOPIC
                .formatted(
                    topic.topic().substring(topic.topic().lastIndexOf(".drpo.") + 6),
                    topic.records(),
                    topic.removed(),
                    topic.waiting().isPresent() ? topic.waiting().getAsLong() : "",
                    String.join(", ", topic.workers()))
                .stripTrailing());
      }
    }
    if (!state.replicas().isEmpty()) {
      lines.add("");
      lines.add(REPLICA.formatted("replica", "version", "groups", "tokens/s", "last group"));
      for (ReplicaState replica : state.replicas()) {
        lines.add(
            REPLICA.formatted(
                replica.name(),
                replica.version(),
                replica.groups(),
                String.format(Locale.ROOT, "%.0f", replica.tokensPerSecond()),
                ago(Duration.between(Instant.ofEpochMilli(replica.lastMillis()), now))));
      }
    }
    if (!state.errors().isEmpty()) {
      lines.add("");
      lines.add("last errors");
      state.errors().forEach(error -> lines.add("  " + error));
    }
    return lines;
  }

  private static String headline(Standing state) {
    String where =
        state
            .broker()
            .map(address -> "run %s at %s: ".formatted(state.run(), address))
            .orElse("run " + state.run() + ": ");
    if (state.learner().isPresent()) {
      GetStatusResponse learner = state.learner().get();
      return where
          + "%s, step %d of %d"
              .formatted(phase(learner), learner.getStepsDone(), learner.getStepsTotal());
    }
    if (state.complete()) {
      return where + "complete, %d steps".formatted(state.stepsDone());
    }
    return where
        + (state.broker().isPresent()
            ? "the learner does not answer; %d steps are done".formatted(state.stepsDone())
            : "not running; %d steps are done".formatted(state.stepsDone()));
  }

  static String phase(GetStatusResponse learner) {
    return learner
        .getState()
        .name()
        .substring(STATE_PREFIX.length())
        .toLowerCase(Locale.ROOT)
        .replace('_', ' ');
  }

  private static List<String> progress(GetStatusResponse learner) {
    List<String> lines = new ArrayList<>();
    if (learner.getPhaseGroupsTotal() > 0) {
      lines.add(
          "groups of this phase: %d of %d are there"
              .formatted(learner.getPhaseGroupsDone(), learner.getPhaseGroupsTotal()));
    }
    if (learner.hasLastStep()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "last step: accuracy %.3f, mean length %.1f, %.1f s; %.0f tokens/s, %.0f s left",
              learner.getLastStep().getAccuracy(),
              learner.getLastStep().getMeanLength(),
              learner.getLastStep().getStepSeconds(),
              learner.getTokensPerSecond(),
              learner.getSecondsLeft()));
    }
    lines.add(
        "groups: %d sent out, %d scored, %d trained, %d duplicates, %d dead letters"
            .formatted(
                learner.getGroups().getDispatched(),
                learner.getGroups().getScored(),
                learner.getGroups().getTrained(),
                learner.getGroups().getDuplicates(),
                learner.getGroups().getDeadLetters()));
    return lines;
  }

  private static String ago(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    return seconds < 120 ? seconds + " s ago" : seconds / 60 + " min ago";
  }
}
