package dev.drpo.learner.run;

import dev.drpo.learner.step.LeftOut;
import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.PushedDown;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.weights.CopiedWeights;
import dev.drpo.objectives.Signal;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A policy whose weights are a hash of everything that it has learned, in order: two that are equal
 * have learned the same. It lies in the same files as a policy does.
 */
class HashedPolicy implements PolicyInTraining {
  private static final String TENSOR = "learned";

  private final Runnable pause;
  private final long noise;
  private byte[] hash;
  private History history;
  private long updates;

  private HashedPolicy(Runnable pause, long noise, byte[] hash, History history, long updates) {
    this.pause = pause;
    this.noise = noise;
    this.hash = hash;
    this.history = history;
    this.updates = updates;
  }

  /**
   * Starts from a policy that has learned nothing yet.
   *
   * @param pause lets time pass, and others go on, where a policy is computed or written
   * @param noise makes another policy of the same groups; 0 for none
   */
  HashedPolicy(Runnable pause, long noise) {
    this(pause, noise, new byte[32], new History(), 0);
  }

  /** What another policy is at the moment. */
  HashedPolicy(HashedPolicy other) {
    this(other.pause, other.noise, other.hash, History.of(other.history.bytes()), other.updates);
  }

  /** Goes on from a checkpoint. */
  static HashedPolicy restored(
      Runnable pause, long noise, Path policy, Path optimizer, long updates) {
    return new HashedPolicy(pause, noise, read(policy), History.of(read(optimizer)), updates);
  }

  History history() {
    return history;
  }

  @Override
  public ModelConfig architecture() {
    throw new UnsupportedOperationException("it has none");
  }

  @Override
  public Signal signal(long step) {
    return Signal.CORRECTNESS;
  }

  @Override
  public StepUpdate.Learned learn(List<TrainingGroup> groups, long step) throws IOException {
    pause.run();
    for (TrainingGroup group : groups) {
      learn(group, step);
    }
    updates++;
    pause.run();
    return new StepUpdate.Learned(
        List.of(
            new MiniBatchUpdate.Result(
                groups,
                0,
                0,
                LogProbabilityGap.NONE,
                0,
                PushedDown.UNKNOWN,
                new double[0][],
                LeftOut.NOTHING,
                new Outcome.Applied(1))),
        LogProbabilityGap.NONE,
        Double.NaN);
  }

  private void learn(TrainingGroup group, long step) {
    MessageDigest digest = sha256();
    digest.update(hash);
    digest.update((noise + " " + step + " " + group.prompt()).getBytes(StandardCharsets.UTF_8));
    for (TrainingGroup.Sample sample : group.samples()) {
      digest.update(
          (Arrays.toString(sample.tokens())
                  + Arrays.toString(sample.logProbabilities())
                  + sample.correct()
                  + sample.reward())
              .getBytes(StandardCharsets.UTF_8));
    }
    hash = digest.digest();
    history.add(step, group);
  }

  @Override
  public long optimizerSteps() {
    return updates;
  }

  @Override
  public Map<String, Long> objectiveState() {
    return Map.of();
  }

  @Override
  public void save(Path policy, Path optimizer) throws IOException {
    write(policy, hash, Durability.PROCESS);
    pause.run();
    write(optimizer, history.bytes(), Durability.PROCESS);
    pause.run();
  }

  @Override
  public void export(Path folder) {
    throw new UnsupportedOperationException("the simulated run ends before");
  }

  /** Its weights as they were at a moment. */
  CopiedWeights copy() {
    return new CopiedWeights() {
      private byte[] copied = hash;

      @Override
      public void take() {
        copied = hash;
      }

      @Override
      public void save(Path file) throws IOException {
        pause.run();
        write(file, copied, Durability.PROCESS);
      }

      @Override
      public void close() {
        // There is no memory to give back.
      }
    };
  }

  /** Writes a policy that has learned nothing yet. */
  static void writeStarting(Path file) throws IOException {
    write(file, new byte[32], Durability.PROCESS);
  }

  private static void write(Path file, byte[] bytes, Durability durability) throws IOException {
    SafetensorsWriter.writePieces(
        file,
        List.of(TensorInfo.of(TENSOR, ElementType.F32, bytes.length / Float.BYTES)),
        (_, sink) -> sink.write(ByteBuffer.wrap(bytes)),
        durability);
  }

  private static byte[] read(Path file) {
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return weights.data(TENSOR).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
