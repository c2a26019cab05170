package dev.drpo.benchmarks.weights;

import dev.drpo.policy.Processors;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Rounding;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The fp32 masters of a Qwen2-shaped policy under updates of Adam's size, and their bf16 values.
 *
 * <p>Matrices are normal with a deviation of 0.02, norms one. An update moves each master by the
 * learning rate times m/sqrt(v), drawn anew from a normal distribution within [-1, 1]. For
 * gradients that are mere noise of one size the ratio's deviation would be sqrt((1 - beta1) / (1 +
 * beta1)) = 0.23; gradients of reinforcement learning differ in size from step to step, which v
 * remembers, so that it is smaller.
 */
final class SimulatedTraining implements AutoCloseable {
  /** Learning rate of the paper's smaller runs. */
  static final double LEARNING_RATE = 2e-6;

  private static final double DEVIATION = 0.02;
  private static final int STRETCH = 1 << 20;
  private static final long MIXER = 0x9E3779B97F4A7C15L;

  /** An element's bits. A header of any length may precede them. */
  private static final ValueLayout.OfShort BITS =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena = Arena.ofShared();
  private final List<TensorInfo> tensors;
  private final List<MemorySegment> masters;
  private final List<Stretch> stretches = new ArrayList<>();
  private final long seed;
  private final double spread;
  private long updates;

  private record Stretch(int tensor, long from, long to) {}

  /**
   * Draws the first masters.
   *
   * @param parameters at least so many
   * @param spread deviation of m/sqrt(v)
   */
  SimulatedTraining(long parameters, double spread, long seed) {
    this.seed = seed;
    this.spread = spread;
    this.tensors =
        PolicyLayout.of(shape(parameters)).weights().stream()
            .flatMap(weight -> weight.parts().stream())
            .map(part -> new TensorInfo(part.name(), ElementType.BF16, part.shape()))
            .toList();
    this.masters =
        tensors.stream()
            .map(info -> arena.allocate(info.elements() * Float.BYTES, Float.BYTES))
            .toList();
    for (int tensor = 0; tensor < tensors.size(); tensor++) {
      for (long from = 0; from < tensors.get(tensor).elements(); from += STRETCH) {
        stretches.add(
            new Stretch(tensor, from, Math.min(from + STRETCH, tensors.get(tensor).elements())));
      }
    }
    Processors.forEach(stretches, this::draw);
  }

  /** As many layers of a small Qwen2 as it takes. */
  private static ModelConfig shape(long parameters) {
    int layers = 1;
    while (PolicyLayout.of(shape(layers)).parameters() < parameters) {
      layers++;
    }
    return shape(layers);
  }

  private static ModelConfig shape(int layers) {
    return new ModelConfig(8192, 768, 2048, layers, 12, 4, 4096, 10_000, 1e-6, true);
  }

  long parameters() {
    return tensors.stream().mapToLong(TensorInfo::elements).sum();
  }

  /** Moves every master once. */
  void update() {
    updates++;
    Processors.forEach(stretches, this::move);
  }

  /** Writes the masters' bf16 values as a safetensors file. */
  void save(Path file) throws IOException {
    SafetensorsWriter.writePieces(
        file,
        tensors,
        (info, sink) -> {
          ByteBuffer zeros = ByteBuffer.allocate(STRETCH);
          for (long left = info.bytes(); left > 0; left -= STRETCH) {
            sink.write(zeros.clear().limit((int) Math.min(STRETCH, left)));
          }
        },
        Durability.PROCESS);
    try (SafetensorsFile policy = SafetensorsFile.openWritable(file)) {
      Processors.forEach(stretches, stretch -> round(stretch, policy));
    }
  }

  private void draw(Stretch stretch) {
    RandomGenerator random = random(stretch);
    boolean isNorm = tensors.get(stretch.tensor()).name().endsWith("norm.weight");
    MemorySegment data = masters.get(stretch.tensor());
    for (long i = stretch.from(); i < stretch.to(); i++) {
      data.setAtIndex(
          ValueLayout.JAVA_FLOAT, i, isNorm ? 1 : (float) (DEVIATION * random.nextGaussian()));
    }
  }

  private void move(Stretch stretch) {
    RandomGenerator random = random(stretch);
    MemorySegment data = masters.get(stretch.tensor());
    for (long i = stretch.from(); i < stretch.to(); i++) {
      double ratio = Math.clamp(spread * random.nextGaussian(), -1, 1);
      float master = data.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (master - LEARNING_RATE * ratio));
    }
  }

  private void round(Stretch stretch, SafetensorsFile policy) {
    MemorySegment data = masters.get(stretch.tensor());
    MemorySegment target = policy.data(tensors.get(stretch.tensor()).name());
    for (long i = stretch.from(); i < stretch.to(); i++) {
      target.set(
          BITS, i * Short.BYTES, Rounding.bfloat16(data.getAtIndex(ValueLayout.JAVA_FLOAT, i)));
    }
  }

  private RandomGenerator random(Stretch stretch) {
    long place = ((long) stretch.tensor() << 32) + stretch.from() / STRETCH;
    return new SplittableRandom(seed * MIXER + updates * (MIXER ^ place) + place);
  }

  @Override
  public void close() {
    arena.close();
  }
}
