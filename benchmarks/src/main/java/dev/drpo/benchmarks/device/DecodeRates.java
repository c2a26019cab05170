package dev.drpo.benchmarks.device;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.drpo.benchmarks.learn.PassFlops;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings;
import dev.drpo.generation.MemoryPlan;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PolicySampler.Beginning;
import dev.drpo.policy.sampler.PrefilledPrompt;
import dev.drpo.policy.sampler.SamplingLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** How fast a device decodes with random weights in bfloat16, beside what its memory moves. */
final class DecodeRates {
  private static final ElementType TYPE = ElementType.BF16;
  private static final double DEVIATION = 0.02;
  private static final double TEMPERATURE = 0.6;
  private static final int WARM_UP_STEPS = 4;
  private static final int STEPS = 24;
  private static final int RESPONSE_TOKENS = WARM_UP_STEPS + STEPS + 1;

  private final Device device;
  private final Shape.Rates rates;
  private final ModelConfig policy;
  private final List<Check> checks = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * Rows that decode at once.
   *
   * @param positions cached ones that each of them attends to: a prompt of its own, which stands
   *     for a prompt and a long response
   */
  record Load(int rows, int positions) {
    KvCacheSize cache() {
      return KvCacheSize.of(rows, positions, RESPONSE_TOKENS);
    }

    @Override
    public String toString() {
      return "%d rows at %d tokens".formatted(rows, positions);
    }
  }

  DecodeRates(Device device, Shape.Rates rates) {
    this.device = device;
    this.rates = rates;
    this.policy = rates.policy();
  }

  PartReport examine() {
    DeviceMemory memory = DeviceMemory.from(device);
    try (NDManager manager = TensorEngine.newManager(device)) {
      List<Load> fitting = fitting();
      List<Measured> measured = new ArrayList<>();
      if (!fitting.isEmpty()) {
        try (Decoder decoder = Decoder.random(manager, policy, TYPE, DEVIATION)) {
          for (Load load : fitting) {
            measured.add(measure(decoder, load));
            if (measured.size() == 1) {
              checks.add(memory.against("decoding " + load, planned(load)));
            }
          }
        }
      }
      report(measured);
    }
    return new PartReport(Part.DECODING, checks, figures, notes, List.of());
  }

  private List<Load> fitting() {
    List<Load> fitting = new ArrayList<>();
    long free = TensorEngine.availableBytes(device);
    for (Load load : rates.decoding()) {
      if (planned(load) <= free) {
        fitting.add(load);
      } else {
        notes.add(
            "%s: not measured; it needs %.1f GB, and %.1f GB are free"
                .formatted(load, planned(load) / 1e9, free / 1e9));
      }
    }
    return fitting;
  }

  private long planned(Load load) {
    return MemoryPlan.of(
            policy,
            EngineLimits.of(load.rows(), load.positions(), RESPONSE_TOKENS, policy),
            new EngineSettings.Compute(device, TYPE, 1, 1),
            false)
        .total();
  }

  /** What a load took, in seconds. */
  private record Measured(Load load, double prefill, double step) {}

  private Measured measure(Decoder decoder, Load load) {
    try (PolicySampler sampler = new PolicySampler(decoder.twin(), load.cache())) {
      Random random = new Random(1);
      SamplingLaw law = SamplingLaw.at(TEMPERATURE);
      List<SamplingLaw.Draw> draws = new ArrayList<>();
      List<Beginning> beginnings = new ArrayList<>();
      double prefill = Double.POSITIVE_INFINITY;
      for (int row = 0; row < load.rows(); row++) {
        SamplingLaw.Draw draw = law.draw(0.5);
        draws.add(draw);
        int[] prompt = random.ints(load.positions(), 0, policy.vocabularySize()).toArray();
        long began = System.nanoTime();
        PrefilledPrompt prefilled = sampler.prefill(List.of(prompt)).getFirst();
        synchronize(decoder);
        prefill = Math.min(prefill, seconds(began));
        beginnings.add(new Beginning(prefilled, List.of(draw)));
      }
      sampler.begin(beginnings);
      double[] steps = new double[STEPS];
      for (int step = -WARM_UP_STEPS; step < STEPS; step++) {
        long began = System.nanoTime();
        sampler.advance(draws);
        if (step >= 0) {
          steps[step] = seconds(began);
        }
      }
      Arrays.sort(steps);
      return new Measured(load, prefill, steps[STEPS / 2]);
    }
  }

  /** Waits until the device has done all that it was given. */
  private static void synchronize(Decoder decoder) {
    decoder.script().real("norm", Collections.singletonList(decoder.weights().get(1)));
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private void report(List<Measured> measured) {
    double copied = DeviceLimits.copyBytesPerSecond(device, rates.copyBytes());
    double flops = DeviceLimits.productFlops(device, rates.productSize());
    figures.add(
        new Figure("memory's limit", copied / 1e9, "GB/s", "a large copy, read and written bytes"));
    figures.add(
        new Figure("arithmetic's limit", flops / 1e12, "TFLOP/s", "a large product in bfloat16"));
    for (Measured one : measured) {
      Load load = one.load();
      long positions = load.positions() + WARM_UP_STEPS + STEPS / 2;
      figures.add(
          new Figure(
              load + ": decoded", load.rows() / one.step(), "tokens/s", "the median step's rate"));
      figures.add(
          new Figure(
              load + ": of the memory's limit",
              bytesOfStep(load.rows(), positions) / one.step() / copied,
              "",
              "every weight and every cached key and value once a step, which bounds decoding"));
      figures.add(
          new Figure(
              load + ": of the arithmetic's limit",
              PassFlops.ofDecodeStep(policy, load.rows(), positions) / one.step() / flops,
              "",
              "what is needed in products and attention"));
      figures.add(
          new Figure(
              load + ": prefilled",
              load.positions() / one.prefill(),
              "tokens/s",
              "one prompt at a time, the fastest"));
    }
  }

  /** Bytes that a step has to read. */
  private double bytesOfStep(int rows, long positions) {
    long elements =
        PolicyLayout.of(policy).weights().stream()
            .filter(weight -> weight.use().factor())
            .mapToLong(PolicyLayout.Weight::elements)
            .sum();
    double perPosition =
        2.0 * policy.layers() * policy.keyValueHeads() * policy.headSize() * TYPE.bytes();
    return (double) elements * TYPE.bytes() + rows * positions * perPosition;
  }
}
