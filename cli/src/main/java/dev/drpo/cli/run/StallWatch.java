package dev.drpo.cli.run;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Notices when a run stands still: no replica draws a token, no group arrives, and the learner does
 * no work. Any of the three may rest for as long as another goes on: a first long response brings
 * no group for many minutes, and neither does a long update.
 */
final class StallWatch {
  /** Time without movement after which a person should know. */
  static final Duration NOTICE_AFTER = Duration.ofMinutes(1);

  /** Time without movement after which a run is given up. */
  static final Duration GIVE_UP_AFTER = Duration.ofMinutes(10);

  private record Arrivals(RunState state, long groups, long tokens) {}

  private record Work(long steps, long pieces) {}

  private final InstantSource clock;
  private final Part<SortedMap<String, Long>> sampling;
  private final Part<Arrivals> arriving;
  private final Part<Work> learning;
  private Instant noticedAt;

  StallWatch(InstantSource clock) {
    this.clock = clock;
    this.noticedAt = clock.instant();
    GetStatusResponse nothing = GetStatusResponse.getDefaultInstance();
    this.sampling = new Part<>(new TreeMap<>(), noticedAt);
    this.arriving = new Part<>(arrivals(nothing), noticedAt);
    this.learning = new Part<>(work(nothing), noticedAt);
  }

  /** What stands for a part of the run, and since when it is the same. */
  private static final class Part<T> {
    private T position;
    private Instant movedAt;

    Part(T position, Instant now) {
      this.position = position;
      this.movedAt = now;
    }

    void observe(T present, Instant now) {
      if (!present.equals(position)) {
        position = present;
        movedAt = now;
      }
    }

    long stillSeconds(Instant now) {
      return Duration.between(movedAt, now).toSeconds();
    }
  }

  /**
   * Takes in an answer of the learner and of each replica, or that there was none.
   *
   * @param tokens that each replica has drawn, by its name
   * @return what to tell a person, at most once a minute
   * @throws StalledRun if nothing has moved for ten minutes
   */
  Optional<String> observe(
      Optional<GetStatusResponse> learner, SortedMap<String, OptionalLong> tokens)
      throws StalledRun {
    Instant now = clock.instant();
    learner.ifPresent(
        status -> {
          arriving.observe(arrivals(status), now);
          learning.observe(work(status), now);
        });
    sampling.observe(known(tokens), now);
    Instant movedAt = lastMovement();
    noticedAt = movedAt.isAfter(noticedAt) ? movedAt : noticedAt;
    if (Duration.between(movedAt, now).compareTo(GIVE_UP_AFTER) >= 0) {
      throw new StalledRun(standstill(learner, tokens, now));
    }
    if (Duration.between(noticedAt, now).compareTo(NOTICE_AFTER) >= 0) {
      noticedAt = now;
      return Optional.of(standstill(learner, tokens, now));
    }
    return Optional.empty();
  }

  private static Arrivals arrivals(GetStatusResponse status) {
    return new Arrivals(
        status.getState(), status.getPhaseGroupsDone(), status.getTokensGenerated());
  }

  private static Work work(GetStatusResponse status) {
    return new Work(status.getStepsDone(), status.getWorkDone());
  }

  /** The newest count of each replica: one that does not answer has not moved for all we know. */
  private SortedMap<String, Long> known(SortedMap<String, OptionalLong> tokens) {
    SortedMap<String, Long> known = new TreeMap<>(sampling.position);
    tokens.forEach((name, count) -> count.ifPresent(drawn -> known.put(name, drawn)));
    return known;
  }

  private Instant lastMovement() {
    Instant learner =
        arriving.movedAt.isAfter(learning.movedAt) ? arriving.movedAt : learning.movedAt;
    return sampling.movedAt.isAfter(learner) ? sampling.movedAt : learner;
  }

  private String standstill(
      Optional<GetStatusResponse> learner, SortedMap<String, OptionalLong> tokens, Instant now) {
    return "nothing has moved for %d s: no token was drawn for %d s (%s), no group arrived for %d s (%s), and the learner did no work for %d s"
        .formatted(
            Duration.between(lastMovement(), now).toSeconds(),
            sampling.stillSeconds(now),
            replicas(tokens),
            arriving.stillSeconds(now),
            learner
                .map(
                    status ->
                        "%d of %d are there"
                            .formatted(status.getPhaseGroupsDone(), status.getPhaseGroupsTotal()))
                .orElse("the learner does not answer"),
            learning.stillSeconds(now));
  }

  private static String replicas(SortedMap<String, OptionalLong> tokens) {
    return tokens.entrySet().stream().map(StallWatch::replica).collect(Collectors.joining(", "));
  }

  private static String replica(Map.Entry<String, OptionalLong> tokens) {
    return tokens.getValue().isPresent()
        ? "%s has drawn %d".formatted(tokens.getKey(), tokens.getValue().getAsLong())
        : tokens.getKey() + " does not answer";
  }
}
