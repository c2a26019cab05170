package dev.drpo.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.runtime.config.RunConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TimeModelTest {
  private static final Lengths LENGTHS = new Lengths(100, 3000, 8192);

  /** All weights of 1.5B but the embedding, which is looked up. */
  private static final double FACTORS = 1_777_088_000.0 - 151_936 * 1536 - 57 * 1536;

  /**
   * Each 4,096 tokens of one of two devices add to the head's gradient: it is read and written in
   * fp32, with a product in bfloat16 between.
   */
  private static final double HEAD =
      128 * (100 + 8 * 3000) / 2.0 / 4096 * (151_936.0 * 1536 * 12) / (2.04e12 * 0.50);

  @Test
  void learningTakesSixOperationsForAWeightAndTokenAndThoseOfAttention() {
    RunConfig config = config(Map.of());
    double tokens = 128 * (100 + 8 * 3000);
    double attention = 4.0 * 28 * 12 * 128 * (100 + 2000);
    // Passes: log-probabilities, forward, backward twice as long, and each layer again.
    double operations = tokens * (2 * FACTORS + attention) * 5;
    double expected = operations / (2 * 312e12 * 0.30) + HEAD;
    assertThat(model().learning(config)).isCloseTo(expected, relative(expected));
  }

  @Test
  void passesThatAreLeftOutAreNotCounted() {
    double all = model().learning(config(Map.of())) - HEAD;
    assertThat(model().learning(config(Map.of("training.recompute", "none"))))
        .isCloseTo(all * 4 / 5 + HEAD, relative(all));
    assertThat(model().learning(config(Map.of("training.retained-tokens", "2000000"))))
        .isCloseTo(all * 4 / 5 + HEAD, relative(all));
    assertThat(model().learning(config(Map.of("training.old-log-probabilities", "recompute"))))
        .isCloseTo(all * 5.75 / 5 + HEAD, relative(all));
  }

  @Test
  void smallChunksOfTheHeadTakeTheirPassesOverIt() {
    double all = model().learning(config(Map.of())) - HEAD;
    // 64 MiB are the logits of 110 tokens.
    assertThat(model().learning(config(Map.of("training.logits-mebibytes", "64"))))
        .isCloseTo(all + HEAD * 4096 / 110, relative(all));
  }

  @Test
  void aDecodeStepReadsTheWeightsOnceAndTheCacheOfEveryResponse() {
    double responses = 128 * 8 / 4.0;
    double memory = 2.04e12 * 0.50;
    double context = 100 + 2000;
    double launches = 28 * 60e-6;
    double step = FACTORS * 2 / memory + 128 * context * 2 * 28 * 2 * 128 * 2 / memory + launches;
    double tail = (8192 - 3000) * (FACTORS * 2 / memory + launches);
    double expected = responses * 3000 / 128 * step + tail;
    assertThat(model().generation(config(Map.of()), 4, 1e9))
        .isCloseTo(expected, within(expected / 100));
  }

  @Test
  void aCacheThatIsTooSmallForItsSlotsKeepsSomeOfThemEmpty() {
    RunConfig config = config(Map.of());
    double whole = model().generation(config, 4, 1e9);
    assertThat(model().generation(config, 4, 128 * 2000)).isEqualTo(whole);
    assertThat(model().generation(config, 4, 64 * 2000)).isGreaterThan(whole * 1.1);
  }

  @Test
  void underLagGenerationGoesOnBesideLearning() {
    RunConfig config = config(Map.of("training.max-lag", "1"));
    StepTime apart = model().step(config, 4, 1e9, true);
    assertThat(apart.total())
        .isEqualTo(
            apart.publishing() + Math.max(apart.generation(), apart.learning() + apart.exchange()));
    assertThat(model().step(config, 4, 1e9, false).total()).isGreaterThan(apart.total());
  }

  @Test
  void aCpuIsBusyForDaysWithThePapersRunAndForSecondsWithTheQuickstarts() {
    Map<String, String> cpu = Map.of("training.devices", "cpu", "rollout.devices", "cpu");
    assertThat(
            CpuPace.seconds(Requests.config("drpo-1.5b-8k", cpu), KnownPolicy.R1_1_5B.model(), 64))
        .isGreaterThan(6 * 3600);
    assertThat(CpuPace.seconds(Requests.config("quickstart", Map.of()), Shapes.SMALL, 2))
        .isBetween(0.5, 60.0);
  }

  @Test
  void whatGpusDoIsNoneOfTheCpusTime() {
    Map<String, String> gpus =
        Map.of(
            "training.devices", "cuda:0",
            "rollout.devices", "cuda:1",
            "rollout.compute", "bfloat16");
    assertThat(CpuPace.seconds(Requests.config("drpo-7b-8k", gpus), KnownPolicy.R1_7B.model(), 2))
        .isZero();
  }

  @Test
  void theMeanIsHalfTheBudgetWhereItIsNotKnown() {
    RunConfig.Sampling sampling = config(Map.of()).sampling();
    assertThat(Lengths.of(sampling, OptionalDouble.empty()).response()).isEqualTo(4096);
    assertThat(Lengths.of(sampling, OptionalDouble.of(1500)).response()).isEqualTo(1500);
  }

  private static TimeModel model() {
    return new TimeModel(
        KnownPolicy.R1_1_5B.model(), Card.of("A100-80GB").orElseThrow(), Rates.GPU, LENGTHS);
  }

  /** Two devices that learn, layer by layer again, from mini-batches that are not kept. */
  private static RunConfig config(Map<String, String> changes) {
    Map<String, String> keys =
        new HashMap<>(
            Map.of(
                "training.devices", "cuda:0,cuda:1",
                "training.compute", "bfloat16",
                "training.recompute", "layers",
                "training.retained-tokens", "0",
                "training.old-log-probabilities", "behaviour",
                "rollout.devices", "cuda:2",
                "rollout.compute", "bfloat16",
                "rollout.slots", "128"));
    keys.putAll(changes);
    return Requests.config("drpo-1.5b-8k", keys);
  }

  private static Offset<Double> relative(double value) {
    return within(value * 1e-6);
  }
}
