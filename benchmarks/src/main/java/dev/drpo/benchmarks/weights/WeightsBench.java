package dev.drpo.benchmarks.weights;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.PatchApplier;
import dev.drpo.policy.patch.PatchEncoder;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.patch.Transition;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures the way of a weight update from the learner to a replica: encoded, through a broker,
 * applied and verified; and a plain copy of the full weights beside it.
 *
 * @param parameters least size of the policy
 * @param updates measured, one behind the other
 * @param spread deviation of the updates in learning rates
 * @param chunkBytes most bytes of a chunk
 * @param folder where the files lie
 */
public record WeightsBench(
    long parameters, int updates, double spread, long seed, int chunkBytes, Path folder) {
  /** Updates before anything is measured, so that the code is compiled. */
  private static final int WARM_UP = 2;

  /** What took place and how long it took. */
  private record Timed<T>(T result, Duration time) {}

  /** Something that may fail for want of a disk, or be interrupted. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Runs it against a broker at host:port. */
  public WeightFigures run(String broker, Consumer<String> progress)
      throws IOException, InterruptedException {
    try (SimulatedTraining training = new SimulatedTraining(parameters, spread, seed);
        WeightLogTransfer log = WeightLogTransfer.open(broker, folder)) {
      Path base = folder.resolve("base.safetensors");
      Path replica = folder.resolve("replica.safetensors");
      training.save(base);
      Files.copy(base, replica);
      PolicyVersion starting = new PolicyVersion(0, digest(base));
      // A replica keeps its file mapped.
      try (SafetensorsFile policy = SafetensorsFile.openWritable(replica)) {
        return measure(training, starting, policy, log, progress);
      }
    }
  }

  private WeightFigures measure(
      SimulatedTraining training,
      PolicyVersion starting,
      SafetensorsFile replica,
      WeightLogTransfer log,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    Path base = folder.resolve("base.safetensors");
    Path next = folder.resolve("next.safetensors");
    PolicyVersion version = starting;
    List<WeightFigures> measured = new ArrayList<>();
    for (int step = 1; step <= WARM_UP + updates; step++) {
      progress.accept(
          step <= WARM_UP
              ? "warming up, %d of %d".formatted(step, WARM_UP)
              : "measuring, %d of %d".formatted(step - WARM_UP, updates));
      training.update();
      training.save(next);
      PolicyVersion result = new PolicyVersion(step, digest(next));
      Transition transition = new Transition(version, result);
      WeightFigures figures = update(transition, base, next, replica, log);
      if (step > WARM_UP) {
        measured.add(figures);
      }
      Files.move(next, base, StandardCopyOption.REPLACE_EXISTING);
      version = result;
    }
    return WeightFigures.median(measured);
  }

  private WeightFigures update(
      Transition transition, Path base, Path next, SafetensorsFile replica, WeightLogTransfer log)
      throws IOException, InterruptedException {
    try (PatchFile patch = PatchFile.create(folder.resolve("sent"))) {
      Timed<PatchEncoder.Summary> encode = time(() -> encode(base, next, patch));
      Timed<PatchFile> transfer = time(() -> log.send(transition, patch));
      try (PatchFile received = transfer.result()) {
        Timed<Long> apply = time(() -> PatchApplier.apply(received, replica));
        Timed<PolicyDigest> verify = time(() -> PolicyDigest.of(replica));
        Path copy = folder.resolve("copy.safetensors");
        Timed<Path> fullCopy = time(() -> Files.copy(next, copy));
        Files.delete(copy);
        return new WeightFigures(
            encode.result().elements(),
            encode.result().changed(),
            encode.result().elements() * Short.BYTES,
            encode.result().bytes(),
            encode.time(),
            transfer.time(),
            apply.time(),
            verify.time(),
            fullCopy.time(),
            verify.result().equals(transition.result().digest()));
      }
    }
  }

  private PatchEncoder.Summary encode(Path base, Path next, PatchFile patch) throws IOException {
    try (SafetensorsFile from = SafetensorsFile.open(base);
        SafetensorsFile to = SafetensorsFile.open(next)) {
      return new PatchEncoder(chunkBytes, Long.MAX_VALUE)
          .encode(from, to, patch::append)
          .orElseThrow();
    }
  }

  private static <T> Timed<T> time(Work<T> work) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    T result = work.run();
    return new Timed<>(result, Duration.ofNanos(System.nanoTime() - begin));
  }

  private static PolicyDigest digest(Path file) {
    try (SafetensorsFile policy = SafetensorsFile.open(file)) {
      return PolicyDigest.of(policy);
    }
  }
}
