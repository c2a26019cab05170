package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.RandomSequences;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.decoder.WeightCopy;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However many devices train a policy, each with weights of its own, they train one policy. */
class TrainerDevicesTest {
  private static final ModelConfig UNTIED = Architectures.UNTIED_FOUR_TO_TWO;
  private static final double TEMPERATURE = 0.8;
  private static final int STEPS = 6;
  private static final PolicyTrainer.AdamW SETTINGS =
      new PolicyTrainer.AdamW(0.01, 0.9, 0.98, 1e-6, 0.1, 1);

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;
  private int files;
  private List<MicroBatch> batches;
  private List<float[]> coefficients;

  @BeforeEach
  void draw() {
    draw(UNTIED, 5);
  }

  private void draw(ModelConfig config, int count) {
    RandomSequences random = new RandomSequences(config, 31);
    batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Sequence> sequences = new ArrayList<>(random.group(1 + i % 3, 9, 12));
      sequences.addAll(random.alone(1, 9, 12));
      batches.add(MicroBatch.of(sequences));
    }
    coefficients = batches.stream().map(random::coefficients).toList();
  }

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void anyNumberOfDevicesGivesTheSameGradient(ModelConfig config) throws IOException {
    draw(config, 5);
    Path weights = weights(config);
    float[] one = gradient(config, weights, options(1), 1);
    for (int devices : new int[] {2, 3}) {
      assertThat(distance(gradient(config, weights, options(1), devices), one))
          .isLessThanOrEqualTo(1e-6);
    }
    assertThat(distance(gradient(config, weights, options(2), 2), one)).isLessThanOrEqualTo(1e-6);
  }

  /** Eight devices and five micro-batches: three have nothing to compute, but shards to step. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void aTrainingComesOutTheSame(int devices) throws IOException {
    Path weights = weights(UNTIED);
    assertThat(distance(trained(weights, options(1), devices), trained(weights, options(1), 1)))
        .isLessThanOrEqualTo(1e-6);
  }

  /**
   * In bfloat16, a difference in a master's last bit now and then moves a weight to the next value,
   * 0.4% away; so it is the distance that the training covered which is compared.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTrainingInBfloat16ComesOutTheSame(boolean tied) throws IOException {
    ModelConfig config = tied ? Architectures.TIED_FIVE_TO_ONE : UNTIED;
    draw(config, 4);
    Path weights = weights(config);
    TrainerOptions options = new TrainerOptions(ElementType.BF16, true, 1, 1);
    float[] start = read(config, weights);
    float[] one = read(config, train(config, weights, options, 1, STEPS));
    float[] three = read(config, train(config, weights, options, 3, STEPS));
    assertThat(distance(three, one)).isLessThan(0.02 * distance(start, one));
  }

  @Test
  void theSameConfigurationGivesTheSameBits() throws IOException {
    Path weights = weights(UNTIED);
    for (ElementType compute : List.of(ElementType.F32, ElementType.BF16)) {
      TrainerOptions options = new TrainerOptions(compute, false, 1 << 20, 2);
      Path first = train(UNTIED, weights, options, 3, STEPS);
      assertThat(train(UNTIED, weights, options, 3, STEPS)).hasSameBinaryContentAs(first);
    }
  }

  @Test
  void oneMicroBatchTrainsOnManyDevices() throws IOException {
    draw(UNTIED, 1);
    Path weights = weights(UNTIED);
    assertThat(distance(trained(weights, options(1), 4), trained(weights, options(1), 1)))
        .isLessThanOrEqualTo(1e-6);
  }

  @Test
  void microBatchesAreSharedOutByTokens() throws IOException {
    draw(UNTIED, 12);
    long all = batches.stream().mapToLong(MicroBatch::tokens).sum();
    long largest = batches.stream().mapToLong(MicroBatch::tokens).max().orElseThrow();
    Path weights = weights(UNTIED);
    try (PolicyTrainer one = load(UNTIED, weights, options(2), 1);
        PolicyTrainer three = load(UNTIED, weights, options(1), 3)) {
      assertThat(one.mostTokensOfADevice(batches)).isEqualTo(all);
      assertThat(three.mostTokensOfADevice(batches))
          .isBetween(Math.ceilDiv(all, 3), all / 3 + largest);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void aCheckpointGoesOnWithAnotherNumberOfDevices(ElementType compute) throws IOException {
    Path weights = weights(UNTIED);
    TrainerOptions options = new TrainerOptions(compute, false, 1 << 20, 1);
    Path saved = folder.resolve("saved.safetensors");
    Path moments = folder.resolve("moments.safetensors");
    Map<Integer, float[]> byDevices = new HashMap<>();
    try (PolicyTrainer trainer = load(UNTIED, weights, options, 3)) {
      steps(trainer, 4);
      trainer.decoder().save(saved, ElementType.F32);
      trainer.saveMoments(moments);
      steps(trainer, 4);
      trainer.decoder().save(folder.resolve("end"), ElementType.F32);
      byDevices.put(0, read(UNTIED, folder.resolve("end")));
    }
    for (int devices : new int[] {1, 2, 3}) {
      Path end = folder.resolve("end-" + devices);
      Path again = folder.resolve("moments-" + devices);
      try (PolicyTrainer resumed = load(UNTIED, saved, options, devices);
          SafetensorsFile file = SafetensorsFile.open(moments)) {
        resumed.restoreMoments(file, 4);
        resumed.saveMoments(again);
        assertThat(again).as("moments on %d devices", devices).hasSameBinaryContentAs(moments);
        steps(resumed, 4);
        assertThat(resumed.optimizerSteps()).isEqualTo(8);
        resumed.decoder().save(end, ElementType.F32);
        byDevices.put(devices, read(UNTIED, end));
      }
    }
    float[] uninterrupted = byDevices.get(0);
    assertThat(byDevices.get(3)).isEqualTo(uninterrupted);
    double most = compute == ElementType.F32 ? 1e-6 : 2e-3;
    assertThat(distance(byDevices.get(1), uninterrupted)).isLessThanOrEqualTo(most);
    assertThat(distance(byDevices.get(2), uninterrupted)).isLessThanOrEqualTo(most);
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void aCopyOfWeightsThatAreSpreadOverDevicesIsWrittenAsTheyAre(ElementType type)
      throws IOException {
    TrainerOptions options = new TrainerOptions(ElementType.BF16, false, 1 << 20, 1);
    Path saved = folder.resolve("saved");
    Path copied = folder.resolve("copied");
    try (PolicyTrainer trainer = load(UNTIED, weights(UNTIED), options, 3);
        WeightCopy copy = new WeightCopy(trainer.decoder(), type)) {
      steps(trainer, 2);
      trainer.decoder().save(saved, type);
      trainer.decoder().copyTo(copy);
      steps(trainer, 1);
      copy.save(copied, Durability.PROCESS);
    }
    assertThat(copied).hasSameBinaryContentAs(saved);
  }

  @Test
  void everyDeviceComputesWithTheNewWeights() throws IOException {
    MicroBatch batch = batches.getFirst();
    for (ElementType compute : List.of(ElementType.F32, ElementType.BF16)) {
      TrainerOptions options = new TrainerOptions(compute, false, 1 << 20, 1);
      try (PolicyTrainer trainer = load(UNTIED, weights(UNTIED), options, 3)) {
        steps(trainer, 2);
        List<float[]> found = trainer.logProbabilities(Collections.nCopies(3, batch), TEMPERATURE);
        assertThat(found.get(1)).isEqualTo(found.get(0));
        assertThat(found.get(2)).isEqualTo(found.get(0));
      }
    }
  }

  @Test
  void aFailingDeviceIsNamedAndTheNextMiniBatchTrains() throws IOException {
    long[] unknown = {UNTIED.vocabularySize() + 7L};
    MicroBatch broken =
        new MicroBatch(unknown, new long[1], new long[] {0, 1, 0, 0}, new long[1], new long[1]);
    Path weights = weights(UNTIED);
    try (PolicyTrainer failed = load(UNTIED, weights, options(1), 3);
        PolicyTrainer fine = load(UNTIED, weights, options(1), 3)) {
      List<MicroBatch> all = new ArrayList<>(batches);
      all.add(2, broken);
      List<float[]> weighed = new ArrayList<>(coefficients);
      weighed.add(2, new float[] {1});
      failed.zeroGradients();
      assertThatThrownBy(() -> failed.accumulate(all, weighed, TEMPERATURE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("training on cpu failed", "index out of range");
      assertThatThrownBy(() -> failed.forward(all, TEMPERATURE).close())
          .hasMessageContaining("training on cpu failed");

      steps(failed, 2);
      steps(fine, 2);
      assertThat(failed.gradients())
          .usingElementComparator(Arrays::compare)
          .containsExactlyElementsOf(fine.gradients());
    }
  }

  @Test
  void anUpdateThatFailsOnItsWayIsNotTrainedOnOrSaved() throws IOException {
    try (PolicyTrainer trainer = load(UNTIED, weights(UNTIED), options(1), 2)) {
      steps(trainer, 1);
      trainer.zeroGradients();
      trainer.accumulate(batches, coefficients, TEMPERATURE);
      trainer
          .spread(OptimizerShard.Part.SECOND_MOMENTS)
          .getLast()
          .parts()
          .getLast()
          .holder()
          .close();

      assertThatThrownBy(() -> trainer.optimize(SETTINGS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("training on cpu failed");
      assertThatThrownBy(() -> trainer.accumulate(batches, coefficients, TEMPERATURE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("of the last checkpoint");
      assertThatThrownBy(() -> trainer.saveMoments(folder.resolve("moments")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("of the last checkpoint");
      assertThat(folder.resolve("moments")).doesNotExist();
      assertThat(trainer.optimizerSteps()).isEqualTo(1);
    }
  }

  private float[] trained(Path weights, TrainerOptions options, int devices) throws IOException {
    return read(UNTIED, train(UNTIED, weights, options, devices, STEPS));
  }

  private Path train(
      ModelConfig config, Path weights, TrainerOptions options, int devices, int steps)
      throws IOException {
    Path trained = folder.resolve("trained-" + files++);
    try (PolicyTrainer trainer = load(config, weights, options, devices)) {
      steps(trainer, steps);
      trainer.decoder().save(trained, ElementType.F32);
    }
    return trained;
  }

  private void steps(PolicyTrainer trainer, int steps) {
    for (int i = 0; i < steps; i++) {
      trainer.zeroGradients();
      try (ForwardPass pass = trainer.forward(batches, TEMPERATURE)) {
        pass.backward(coefficients);
      }
      assertThat(trainer.optimize(SETTINGS)).isFinite().isPositive();
    }
  }

  private float[] gradient(ModelConfig config, Path weights, TrainerOptions options, int devices) {
    try (PolicyTrainer trainer = load(config, weights, options, devices)) {
      trainer.zeroGradients();
      trainer.accumulate(batches, coefficients, TEMPERATURE);
      return flat(trainer.gradients());
    }
  }

  private static PolicyTrainer load(
      ModelConfig config, Path weights, TrainerOptions options, int devices) {
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      return PolicyTrainer.load(Collections.nCopies(devices, Device.cpu()), config, file, options);
    }
  }

  private static TrainerOptions options(int workers) {
    return new TrainerOptions(ElementType.F32, false, 1 << 20, workers);
  }

  private Path weights(ModelConfig config) throws IOException {
    return RandomWeights.of(config, 15).write(folder.resolve("model-" + files++));
  }

  private float[] read(ModelConfig config, Path weights) {
    try (Decoder decoder = engine.decoder(config, weights)) {
      return flat(decoder.weights().stream().map(w -> w.toFloatArray()).toList());
    }
  }

  private static float[] flat(List<float[]> arrays) {
    float[] flat = new float[arrays.stream().mapToInt(array -> array.length).sum()];
    int at = 0;
    for (float[] array : arrays) {
      System.arraycopy(array, 0, flat, at, array.length);
      at += array.length;
    }
    return flat;
  }

  /** The norm of the difference in units of the second one's norm. */
  private static double distance(float[] actual, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
