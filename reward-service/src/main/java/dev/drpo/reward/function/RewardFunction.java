package dev.drpo.reward.function;

/**
 * Gives a response a value. A run names the functions that it uses, with a weight for each, in
 * {@code reward.functions}; a response earns the weighted sum.
 *
 * <p>A function is added by a bean of this type (with the scope {@code @Singleton}, say) in a jar
 * on the service's class path that has a {@code META-INF/beans.xml}. The first function of a run
 * must be an {@link AnswerJudge}, whose verdict says whether the answer is right.
 *
 * <p>Safe for use by many threads: the responses of a group are looked at at once.
 */
public interface RewardFunction {

  /** What configurations, records and metrics call it: lower case, with dashes. Unique. */
  String name();

  /**
   * The value of a response, before weighting.
   *
   * @return any finite number; what it means is the function's to document
   * @throws RewardUnavailableException if something that the function needs is away; the group is
   *     then tried again until it is back. Any other exception gives the group back to the queue,
   *     and in the end to the dead letters. No failure ever becomes a value.
   */
  double value(Submission submission);
}
