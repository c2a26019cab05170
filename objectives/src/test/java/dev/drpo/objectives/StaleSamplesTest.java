package dev.drpo.objectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The trust region over samples of an older policy, against the divergence of the distributions
 * themselves: policies of one token out of three, and samples that are exactly as frequent as their
 * policy has them.
 */
class StaleSamplesTest {
  private static final double DELTA = 1e-3;
  private static final double BETA = 1e3;

  /** Frequencies of 1/2, 1/4 and 1/4. */
  private static final int[] SAMPLES = {0, 0, 1, 2};

  private static final double[] BEHAVIOUR = {0.5, 0.25, 0.25};

  /** What the step starts from: it has left the first token for the second one. */
  private static final double[] START = {0.25, 0.5, 0.25};

  /** And goes on doing so. */
  private static final double[] LOGITS = {Math.log(0.15), Math.log(0.6), Math.log(0.25)};

  @ParameterizedTest
  @EnumSource(Divergence.class)
  void withImportanceTheRegionIsAroundThePolicyThatTheStepStartsFrom(Divergence estimator) {
    Objective.Evaluation evaluation = evaluate(estimator, true);
    assertThat(evaluation.divergence()).isCloseTo(divergence(LOGITS), within(1e-7));
    double[] slope = byLogits(evaluation);
    double width = 1e-5;
    for (int k = 0; k < LOGITS.length; k++) {
      double expected = (penalty(k, -width) - penalty(k, width)) / (2 * width);
      assertThat(slope[k]).as("logit %d", k).isCloseTo(expected, within(1e-4));
    }
  }

  /** What the step before moved is counted a second time, as far as this one goes its way. */
  @ParameterizedTest
  @EnumSource(Divergence.class)
  void withoutItTheSamplesSeeAStepThatGoesOnAsAFartherOne(Divergence estimator) {
    assertThat(evaluate(estimator, false).divergence()).isGreaterThan(1.5 * divergence(LOGITS));
  }

  private static Objective.Evaluation evaluate(Divergence estimator, boolean corrected) {
    double[] current = softmax(LOGITS);
    List<Response> responses =
        Arrays.stream(SAMPLES)
            .mapToObj(
                token ->
                    new Response(
                        true,
                        1,
                        false,
                        new float[] {(float) Math.log(START[token])},
                        new float[] {(float) Math.log(current[token])},
                        corrected ? new double[] {START[token] / BEHAVIOUR[token]} : new double[0]))
            .toList();
    // All are right: there is no contrast, and nothing but the region has a gradient.
    Disco.Config config = new Disco.Config(Score.LOG_LIKELIHOOD, 10, 1, DELTA, BETA, estimator);
    return config.objective(1).evaluate(List.of(new Group("q", responses)));
  }

  /** By the chain rule: d log pi(token) / d logit k = 1[k = token] - pi(k). */
  private static double[] byLogits(Objective.Evaluation evaluation) {
    double[] current = softmax(LOGITS);
    double[] slope = new double[LOGITS.length];
    for (int i = 0; i < SAMPLES.length; i++) {
      double weight = evaluation.tokenWeights()[0][i][0];
      for (int k = 0; k < slope.length; k++) {
        slope[k] += weight * ((k == SAMPLES[i] ? 1 : 0) - current[k]);
      }
    }
    return slope;
  }

  private static double penalty(int logit, double by) {
    double[] logits = LOGITS.clone();
    logits[logit] += by;
    return BETA / 2 * Math.pow(Math.max(0, divergence(logits) - DELTA), 2);
  }

  /** KL(start || current). */
  private static double divergence(double[] logits) {
    double[] current = softmax(logits);
    return IntStream.range(0, START.length)
        .mapToDouble(k -> START[k] * Math.log(START[k] / current[k]))
        .sum();
  }

  private static double[] softmax(double[] logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(logit -> Math.exp(logit) / sum).toArray();
  }
}
