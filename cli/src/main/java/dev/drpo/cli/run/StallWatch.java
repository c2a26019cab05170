package dev.drpo.cli.run;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Notices when a run stands still: no state, step, group or token is new. */
final class StallWatch {
  /** Time without movement after which a person should know. */
  static final Duration NOTICE_AFTER = Duration.ofMinutes(1);

  /** Time without movement after which a run is given up. */
  static final Duration GIVE_UP_AFTER = Duration.ofMinutes(10);

  private record Position(RunState state, long step, long groups, long tokens) {
    static Position of(GetStatusResponse status) {
      return new Position(
          status.getState(),
          status.getStepsDone(),
          status.getPhaseGroupsDone(),
          status.getTokensGenerated());
    }
  }

  private final InstantSource clock;
  private Position position = Position.of(GetStatusResponse.getDefaultInstance());
  private Instant movedAt;
  private Instant noticedAt;

  StallWatch(InstantSource clock) {
    this.clock = clock;
    this.movedAt = clock.instant();
    this.noticedAt = movedAt;
  }

  /**
   * Takes in an answer of the learner, or that there was none.
   *
   * @return what to tell a person, at most once a minute
   * @throws StalledRun if nothing has moved for ten minutes
   */
  Optional<String> observe(Optional<GetStatusResponse> status) throws StalledRun {
    Instant now = clock.instant();
    Position present = status.map(Position::of).orElse(position);
    if (!present.equals(position)) {
      position = present;
      movedAt = now;
      noticedAt = now;
      return Optional.empty();
    }
    String standstill =
        "nothing has moved for %d s: %s"
            .formatted(
                Duration.between(movedAt, now).toSeconds(),
                status
                    .map(
                        s ->
                            "%d of %d groups have arrived"
                                .formatted(s.getPhaseGroupsDone(), s.getPhaseGroupsTotal()))
                    .orElse("the learner does not answer"));
    if (Duration.between(movedAt, now).compareTo(GIVE_UP_AFTER) >= 0) {
      throw new StalledRun(standstill);
    }
    if (Duration.between(noticedAt, now).compareTo(NOTICE_AFTER) >= 0) {
      noticedAt = now;
      return Optional.of(standstill);
    }
    return Optional.empty();
  }
}
