package dev.drpo.benchmarks.device;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.drpo.benchmarks.learn.PassFlops;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainerOptions;
import dev.drpo.policy.trainer.TrainingMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** How fast a device learns with random weights in bfloat16, layers computed again. */
final class LearningRates {
  private static final TrainerOptions OPTIONS =
      new TrainerOptions(ElementType.BF16, true, TrainerOptions.HEAD_ELEMENTS, 1);
  private static final PolicyTrainer.AdamW ADAM =
      new PolicyTrainer.AdamW(1e-6, 0.9, 0.999, 1e-8, 0.01, 1);
  private static final double DEVIATION = 0.02;

  /** Of which the first warms up. */
  private static final int ROUNDS = 3;

  private final Device device;
  private final Shape.Rates rates;
  private final ModelConfig policy;
  private final List<Check> checks = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Groups of one micro-batch, whose prompts are shared. */
  record Load(int prompts, int group, int promptTokens, int responseTokens) {
    MicroBatch microBatch(int vocabulary) {
      Random random = new Random(1);
      List<Sequence> sequences = new ArrayList<>();
      for (int p = 0; p < prompts; p++) {
        int[] prompt = random.ints(promptTokens, 0, vocabulary).toArray();
        for (int i = 0; i < group; i++) {
          sequences.add(new Sequence(prompt, random.ints(responseTokens, 0, vocabulary).toArray()));
        }
      }
      return MicroBatch.of(sequences);
    }

    @Override
    public String toString() {
      return "%d x %d responses of %d tokens".formatted(prompts, group, responseTokens);
    }
  }

  LearningRates(Device device, Shape.Rates rates) {
    this.device = device;
    this.rates = rates;
    this.policy = rates.policy();
  }

  PartReport examine() {
    DeviceMemory memory = DeviceMemory.from(device);
    List<Measured> measured = new ArrayList<>();
    try (NDManager manager = TensorEngine.newManager(device)) {
      List<Load> fitting = fitting();
      if (!fitting.isEmpty()) {
        Decoder decoder = Decoder.random(manager, policy, ElementType.F32, DEVIATION);
        try (PolicyTrainer trainer = new PolicyTrainer(decoder, OPTIONS)) {
          for (Load load : fitting) {
            measured.add(measure(trainer, load));
            if (measured.size() == 1) {
              checks.add(memory.against("learning " + load, planned(load).total()));
            }
          }
        }
      }
    }
    report(measured);
    return new PartReport(Part.LEARNING, checks, figures, notes, List.of());
  }

  private List<Load> fitting() {
    List<Load> fitting = new ArrayList<>();
    long free = TensorEngine.availableBytes(device);
    for (Load load : rates.learning()) {
      TrainingMemory plan = planned(load);
      if (plan.total() <= free) {
        fitting.add(load);
      } else {
        notes.add(
            "%s: not measured; it needs %s; %s are free"
                .formatted(load, plan, TrainingMemory.gigabytes(free)));
      }
    }
    return fitting;
  }

  private TrainingMemory planned(Load load) {
    long tokens = load.microBatch(policy.vocabularySize()).tokens();
    return TrainingMemory.of(
        policy,
        OPTIONS,
        1,
        device.isGpu(),
        new TrainingMemory.Load(
            tokens, tokens, (long) load.promptTokens() + load.responseTokens()));
  }

  /** What a micro-batch took, in seconds. */
  private record Measured(
      Load load, MicroBatch batch, double forward, double both, double optimizer) {}

  private Measured measure(PolicyTrainer trainer, Load load) {
    MicroBatch batch = load.microBatch(policy.vocabularySize());
    List<MicroBatch> batches = List.of(batch);
    float[] coefficients = new float[batch.responseTokens()];
    Arrays.fill(coefficients, 1f / coefficients.length);
    double forward = Double.POSITIVE_INFINITY;
    double both = Double.POSITIVE_INFINITY;
    double optimizer = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      double forwardNow = time(trainer, () -> trainer.logProbabilities(batches, 1));
      double bothNow = time(trainer, () -> trainer.accumulate(batches, List.of(coefficients), 1));
      double optimizerNow = time(trainer, () -> trainer.optimize(ADAM));
      trainer.zeroGradients();
      if (round > 0) {
        forward = Math.min(forward, forwardNow);
        both = Math.min(both, bothNow);
        optimizer = Math.min(optimizer, optimizerNow);
      }
    }
    return new Measured(load, batch, forward, both, optimizer);
  }

  /** Seconds until the device has done what it is given, and nothing of before. */
  private static double time(PolicyTrainer trainer, Runnable work) {
    synchronize(trainer);
    long began = System.nanoTime();
    work.run();
    synchronize(trainer);
    return (System.nanoTime() - began) / 1e9;
  }

  private static void synchronize(PolicyTrainer trainer) {
    Decoder decoder = trainer.decoder();
    decoder.script().real("norm", Collections.singletonList(decoder.weights().get(1)));
  }

  private void report(List<Measured> measured) {
    double flops = DeviceLimits.productFlops(device, rates.productSize());
    figures.add(
        new Figure("arithmetic's limit", flops / 1e12, "TFLOP/s", "a large product in bfloat16"));
    for (Measured one : measured) {
      double needed = PassFlops.of(policy, List.of(one.batch()));
      figures.add(
          new Figure(
              one.load() + ": forward",
              one.batch().tokens() / one.forward(),
              "tokens/s",
              "log-probabilities alone, shared prompts counted once"));
      figures.add(
          new Figure(
              one.load() + ": forward, of the arithmetic's limit",
              needed / 3 / one.forward() / flops,
              "",
              "a third of what a gradient needs"));
      figures.add(
          new Figure(
              one.load() + ": forward and backward",
              one.batch().tokens() / one.both(),
              "tokens/s",
              "with layers computed again in the backward pass"));
      figures.add(
          new Figure(
              one.load() + ": forward and backward, of the arithmetic's limit",
              needed / one.both() / flops,
              "",
              "what is computed again is not counted, so that three quarters are the most"));
      figures.add(
          new Figure(
              one.load() + ": optimizer", one.optimizer(), "s", "one AdamW step, once an update"));
    }
  }
}
