package dev.drpo.benchmarks.learn;

import ai.djl.ndarray.NDManager;
import dev.drpo.benchmarks.machine.ProcessMemory;
import dev.drpo.benchmarks.machine.SgemmLimit;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.ForwardPass;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainerOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures one case in a process of its own, so that its peak of memory is its own, and prints the
 * figures on one line: GFLOP/s of matrix products alone, seconds of the fastest step, peak bytes.
 */
final class LearnProcess {
  private static final PolicyTrainer.AdamW ADAM =
      new PolicyTrainer.AdamW(1e-5, 0.9, 0.999, 1e-8, 0.01, 1);

  private LearnProcess() {}

  /** What the process prints. */
  record Figures(double sgemmGflops, double stepSeconds, long peakBytes) {
    String line() {
      return sgemmGflops + " " + stepSeconds + " " + peakBytes;
    }

    static Figures parse(String line) {
      String[] words = line.split(" ", -1);
      return new Figures(
          Double.parseDouble(words[0]), Double.parseDouble(words[1]), Long.parseLong(words[2]));
    }
  }

  /**
   * Measures.
   *
   * @param arguments the words of a {@link LearnCase}, then the number of steps
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    LearnCase measured = LearnCase.parse(arguments);
    int steps = Integer.parseInt(arguments[arguments.length - 1]);
    // The machine may be busy with other things now or then: the better of before and after counts.
    double before = SgemmLimit.gflops(measured.threads());
    double seconds = fastestStep(measured, steps);
    double after = SgemmLimit.gflops(measured.threads());
    System.out.println(
        new Figures(Math.max(before, after), seconds, ProcessMemory.ofThisProcess().peak()).line());
  }

  private static double fastestStep(LearnCase measured, int steps) throws IOException {
    boolean eager = measured.trainer() == LearnCase.Trainer.EAGER;
    TensorEngine.setThreads(eager ? measured.threads() : 1);
    TensorEngine.prepareThread();
    try (NDManager manager = TensorEngine.newManager()) {
      if (eager) {
        EagerTrainer trainer = new EagerTrainer(manager, measured);
        List<Sequence> sequences = measured.draw();
        return fastest(steps, () -> trainer.step(sequences));
      }
      try (PolicyTrainer trainer = trainer(manager, measured)) {
        List<MicroBatch> batches = measured.microBatches();
        return fastest(steps, () -> step(trainer, batches));
      }
    }
  }

  private static PolicyTrainer trainer(NDManager manager, LearnCase measured) throws IOException {
    Decoder decoder = measured.load(weights -> Decoder.load(manager, measured.policy(), weights));
    return new PolicyTrainer(
        decoder,
        new TrainerOptions(
            measured.trainer() == LearnCase.Trainer.BFLOAT16 ? ElementType.BF16 : ElementType.F32,
            measured.gradientCheckpointing(),
            measured.chunkedHead()
                ? TrainerOptions.suitableHeadElements(false, measured.vocabulary())
                : Long.MAX_VALUE,
            measured.threads()));
  }

  /** What a training step does: log-probabilities, token weights from them, gradient, update. */
  private static void step(PolicyTrainer trainer, List<MicroBatch> batches) {
    trainer.zeroGradients();
    try (ForwardPass pass = trainer.forward(batches, 1)) {
      List<float[]> weights = new ArrayList<>();
      for (float[] logProbabilities : pass.logProbabilities()) {
        float[] ofBatch = new float[logProbabilities.length];
        Arrays.fill(ofBatch, -1f / ofBatch.length);
        weights.add(ofBatch);
      }
      pass.backward(weights);
    }
    trainer.optimize(ADAM);
  }

  private static double fastest(int steps, Runnable step) {
    double fastest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < steps; i++) {
      long began = System.nanoTime();
      step.run();
      fastest = Math.min(fastest, (System.nanoTime() - began) / 1e9);
    }
    return fastest;
  }
}
