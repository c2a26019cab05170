package dev.drpo.objectives;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Which objective a run maximises, and its options. Every objective has a record of its own, whose
 * components are the {@link Option options} that it takes and whose {@code DEFAULT} has the values
 * of its paper.
 */
public sealed interface ObjectiveConfig
    permits Drpo.Config,
        Disco.Config,
        Grpo.Config,
        GrpoLength.Config,
        DrGrpo.Config,
        Dapo.Config,
        RlooLp.Config,
        Alp.Config,
        Hapo.Config,
        L1Max.Config,
        Dler.Config,
        Ddca.Config,
        Gr3.Config,
        Laser.Config,
        KimiLength.Config,
        ShorterBetter.Config {

  /** Every objective with the options of its paper; DRPO and its predecessor first. */
  static List<ObjectiveConfig> defaults() {
    return List.of(
        Drpo.Config.DEFAULT,
        Disco.Config.DEFAULT,
        Grpo.Config.DEFAULT,
        GrpoLength.Config.DEFAULT,
        DrGrpo.Config.DEFAULT,
        Dapo.Config.DEFAULT,
        RlooLp.Config.DEFAULT,
        Alp.Config.DEFAULT,
        Hapo.Config.DEFAULT,
        L1Max.Config.DEFAULT,
        Dler.Config.DEFAULT,
        Ddca.Config.DEFAULT,
        Gr3.Config.DEFAULT,
        Laser.Config.DEFAULT,
        KimiLength.Config.DEFAULT,
        ShorterBetter.Config.DEFAULT);
  }

  /** The objective's name in a configuration. */
  String name();

  /**
   * Makes the objective, which has seen nothing yet.
   *
   * @param lengthBudget C, the longest response, tokens
   */
  Objective objective(int lengthBudget);

  /** delta of the objectives that hold the policy in a trust region, nats. */
  default OptionalDouble trustRegion() {
    return OptionalDouble.empty();
  }

  /** lambda of the objectives that weight right responses at one temperature for all questions. */
  default OptionalDouble lengthTemperature() {
    return OptionalDouble.empty();
  }

  /** Whether it compares the responses of a group by their rewards, so that it needs several. */
  default boolean isGroupRelative() {
    return true;
  }

  /** Whether it asks where a right response states the answer, and pulls up no more than that. */
  default boolean cutsAfterAnswer() {
    return false;
  }

  /** Whether it learns from the reward's size, not only from right and wrong. */
  default boolean takesRealRewards() {
    return false;
  }
}
