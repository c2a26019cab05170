package dev.drpo.reports;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The outcome of a run: {@code report.json}. {@link Glossary.Section#RUN} defines every component.
 *
 * @param lambda λ of Eq. 6; infinity becomes the string {@code "Infinity"} in JSON; NaN for
 *     objectives without it
 * @param delta δ, the trust region that the KL plot draws; NaN for objectives without it
 * @param before the policy that training started from; {@link Evaluation#none()} if not evaluated
 * @param after the trained policy; {@link Evaluation#none()} if not evaluated
 * @param evaluations all of them in the order of steps, those two included
 * @param bestStep the best policy's steps; null if none was evaluated
 * @param policyDigest hexadecimal digest of the trained policy
 * @param repeatability what the trained policy is a function of
 * @param versions of what produced the numbers: the project, Java, Kafka, the tensor engine
 */
public record RunReport(
    String run,
    String task,
    String model,
    String objective,
    double lambda,
    double delta,
    long seed,
    long steps,
    double wallSeconds,
    double trainingSeconds,
    Evaluation before,
    Evaluation after,
    List<PolicyEvaluation> evaluations,
    Long bestStep,
    long tokensGenerated,
    long tokensLearned,
    RunCounts.Groups groups,
    String policyDigest,
    RunRepeatability repeatability,
    Map<String, String> versions) {

  public RunReport {
    // Reports of before there were several have none.
    evaluations = evaluations == null ? List.of() : List.copyOf(evaluations);
    repeatability = repeatability == null ? RunRepeatability.UNKNOWN : repeatability;
    versions = Map.copyOf(versions);
  }

  /** The best policy's evaluation, if there was one. */
  Optional<PolicyEvaluation> best() {
    return evaluations.stream().filter(one -> Objects.equals(one.step(), bestStep)).findFirst();
  }

  /**
   * Accuracy-efficiency score against the starting policy: the relative length saved, plus three
   * times the relative accuracy gained or minus ten times the relative accuracy lost. NaN without
   * both evaluations or where the starting policy solves nothing.
   */
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public double aes() {
    if (!before.isPresent() || !after.isPresent() || before.accuracy() == 0) {
      return Double.NaN;
    }
    double lengthSaved = 1 - after.meanLength() / before.meanLength();
    double accuracyGained = after.accuracy() / before.accuracy() - 1;
    return lengthSaved + (accuracyGained >= 0 ? 3 : 10) * accuracyGained;
  }
}
