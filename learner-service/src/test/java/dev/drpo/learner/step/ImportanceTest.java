package dev.drpo.learner.step;

import static dev.drpo.learner.step.StepFixture.SAMPLED_BY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RatioBand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  private static final RatioBand ICE_POP = new RatioBand(0.5, 5);
  private static final RatioBand NARROW = new RatioBand(0.9, 1.1);

  /** Ratios of 0.49, 0.5, 1, 3, 5 and 5.1, whose geometric mean is 1.63 and arithmetic one 2.52. */
  private static final TrainingGroup.Sample SIX = sample(0.49, 0.5001, 1, 3, 4.999, 5.1);

  @Test
  void insideTheBandTokensWeighTheirRatioAndOutsideNothing() {
    assertThat(new Importance(5, ICE_POP, RatioBand.NONE).of(SIX))
        .containsExactly(new double[] {0, 0.5001, 1, 3, 4.999, 0}, within(1e-6));
    assertThat(new Importance(2, ICE_POP, RatioBand.NONE).of(SIX))
        .containsExactly(new double[] {0, 0.5001, 1, 2, 2, 0}, within(1e-6));
    assertThat(new Importance(0, ICE_POP, RatioBand.NONE).of(SIX))
        .containsExactly(0, 1, 1, 1, 1, 0);
  }

  @Test
  void aResponseIsJudgedByTheGeometricMeanOfItsRatios() {
    Importance admits = new Importance(0, RatioBand.NONE, new RatioBand(0.6, 1.7));
    Importance rejects = new Importance(0, RatioBand.NONE, new RatioBand(0.6, 1.6));
    assertThat(admits.of(SIX)).containsExactly(1, 1, 1, 1, 1, 1);
    assertThat(rejects.of(SIX)).containsExactly(0, 0, 0, 0, 0, 0);
    assertThat(leftOut(admits, SIX)).isEqualTo(LeftOut.NOTHING);
    assertThat(leftOut(rejects, SIX)).isEqualTo(new LeftOut(6, 1));
  }

  /** Its product of ratios would be e^100. */
  @Test
  void aResponseIsNotLeftOutForBeingLong() {
    double[] ratios = new double[10_000];
    Arrays.fill(ratios, Math.exp(0.01));
    Importance importance = new Importance(0, RatioBand.NONE, NARROW);
    assertThat(importance.of(sample(ratios))).containsOnly(1);
    assertThat(importance.of(sample(Math.exp(0.2)))).containsOnly(0);
  }

  /** Against products of probabilities in the place of sums of logarithms. */
  @Test
  void weightsAreThoseOfASlowComputation() {
    Random random = new Random(11);
    int[] rejected = new int[2];
    for (int round = 0; round < 500; round++) {
      List<TrainingGroup.Sample> samples = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        double spread = random.nextDouble();
        samples.add(
            sample(
                random
                    .doubles(1 + random.nextInt(9))
                    .map(u -> Math.exp(spread * (4 * u - 2)))
                    .toArray()));
      }
      double cap = random.nextInt(3) * 1.5;
      Importance importance = new Importance(cap, new RatioBand(0.7, 1.5), NARROW);
      int tokens = 0;
      int responses = 0;
      for (TrainingGroup.Sample sample : samples) {
        double[] expected = slowly(sample, cap);
        assertThat(importance.of(sample)).containsExactly(expected, within(1e-12));
        double product = 1;
        for (int t = 0; t < sample.length(); t++) {
          product *= ratio(sample, t);
          tokens += expected[t] == 0 ? 1 : 0;
        }
        boolean out = outside(Math.pow(product, 1.0 / sample.length()), 0.9, 1.1);
        responses += out ? 1 : 0;
        rejected[out ? 1 : 0]++;
      }
      assertThat(importance.leftOut(List.of(group(samples))))
          .isEqualTo(new LeftOut(tokens, responses));
    }
    assertThat(rejected[0]).isGreaterThan(100);
    assertThat(rejected[1]).isGreaterThan(100);
  }

  private static double[] slowly(TrainingGroup.Sample sample, double cap) {
    double product = 1;
    for (int t = 0; t < sample.length(); t++) {
      product *= ratio(sample, t);
    }
    boolean out = outside(Math.pow(product, 1.0 / sample.length()), 0.9, 1.1);
    double[] weights = new double[sample.length()];
    for (int t = 0; t < weights.length; t++) {
      double ratio = ratio(sample, t);
      if (!out && !outside(ratio, 0.7, 1.5)) {
        weights[t] = cap > 0 && ratio > cap ? cap : cap > 0 ? ratio : 1;
      }
    }
    return weights;
  }

  private static double ratio(TrainingGroup.Sample sample, int token) {
    return Math.exp(sample.old()[token]) / Math.exp(sample.logProbabilities()[token]);
  }

  private static boolean outside(double value, double low, double high) {
    return value < low || high < value;
  }

  @Test
  void withoutBandsItIsTheCappedRatioAndNothingIsLeftOut() {
    Importance capped = new Importance(2, RatioBand.NONE, RatioBand.NONE);
    assertThat(capped.of(SIX))
        .containsExactly(new double[] {0.49, 0.5001, 1, 2, 2, 2}, within(1e-6));
    assertThat(leftOut(capped, SIX)).isEqualTo(LeftOut.NOTHING);
    assertThat(Importance.NONE.of(SIX)).isEmpty();
  }

  @Test
  void itIsWhatARunsConfigurationSays() {
    Map<String, String> bands =
        Map.of(
            "training.importance-cap", "3",
            "training.importance-band", "0.5..5",
            "training.response-band", "0.9..1.1",
            "training.max-lag", "1");
    assertThat(of(bands)).isEqualTo(new Importance(3, ICE_POP, NARROW));
    assertThat(of(Map.of("training.max-lag", "1")))
        .isEqualTo(new Importance(2, RatioBand.NONE, RatioBand.NONE));
    assertThat(of(Map.of("training.max-lag", "0"))).isEqualTo(Importance.NONE);
  }

  private static Importance of(Map<String, String> settings) {
    return Importance.of(ConfigLoader.load(null, Map.of(), settings).training());
  }

  private static LeftOut leftOut(Importance importance, TrainingGroup.Sample sample) {
    return importance.leftOut(List.of(group(List.of(sample))));
  }

  private static TrainingGroup group(List<TrainingGroup.Sample> samples) {
    return new TrainingGroup("q", new int[] {1}, samples);
  }

  /** A response with these ratios of old to sampled probability. */
  private static TrainingGroup.Sample sample(double... ratios) {
    float[] sampled = new float[ratios.length];
    float[] old = new float[ratios.length];
    for (int t = 0; t < ratios.length; t++) {
      sampled[t] = -1;
      old[t] = (float) (Math.log(ratios[t]) - 1);
    }
    return new TrainingGroup.Sample(new int[ratios.length], sampled, true, 1, false, SAMPLED_BY)
        .withOld(old);
  }
}
