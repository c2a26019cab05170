package dev.drpo.policy.sft;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoints of one training, of which the newest is kept. One is written aside and renamed when
 * its files are on the disk, so that a kill at any time leaves the last one whole.
 *
 * @param folder of nothing else
 */
public record Checkpoints(Path folder) {
  private static final Pattern NAME = Pattern.compile("step-(\\d{8})");
  private static final String POLICY = "policy.safetensors";
  private static final String MOMENTS = "optimizer.safetensors";

  /**
   * A whole checkpoint.
   *
   * @param steps that were taken before it
   */
  public record Checkpoint(Path folder, int steps) {
    /**
     * A trainer that goes on as the one that was saved would have, to the last bit.
     *
     * @throws dev.drpo.policy.PolicyFormatException if the files are damaged
     */
    public PolicyTrainer load(List<Device> devices, ModelConfig config, TrainerOptions options) {
      try (SafetensorsFile policy = SafetensorsFile.open(folder.resolve(POLICY));
          SafetensorsFile moments = SafetensorsFile.open(folder.resolve(MOMENTS))) {
        PolicyTrainer trainer = PolicyTrainer.load(devices, config, policy, options);
        try {
          trainer.restoreMoments(moments, steps);
          return trainer;
        } catch (RuntimeException e) {
          trainer.close();
          throw e;
        }
      }
    }
  }

  /** The checkpoint to go on from. */
  public Optional<Checkpoint> newest() throws IOException {
    return all().stream().max(Comparator.comparingInt(Checkpoint::steps));
  }

  private List<Checkpoint> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.flatMap(file -> checkpoint(file).stream()).toList();
    }
  }

  private static Optional<Checkpoint> checkpoint(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches()
        ? Optional.of(new Checkpoint(file, Integer.parseInt(name.group(1))))
        : Optional.empty();
  }

  /**
   * Writes a trainer's weights and moments in fp32, unless this step has its checkpoint, and then
   * removes the others.
   *
   * @throws IOException if the disk is full; the last checkpoint is whole
   */
  public void write(PolicyTrainer trainer) throws IOException {
    int steps = Math.toIntExact(trainer.optimizerSteps());
    Path place = folder.resolve("step-%08d".formatted(steps));
    if (Files.exists(place)) {
      return;
    }
    Path aside = folder.resolve("partial");
    delete(aside);
    Files.createDirectories(aside);
    trainer.decoder().save(aside.resolve(POLICY), ElementType.F32);
    trainer.saveMoments(aside.resolve(MOMENTS));
    Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
    for (Checkpoint other : all()) {
      if (other.steps() != steps) {
        delete(other.folder());
      }
    }
  }

  /** Removes all, when nothing goes on from them any more. */
  public void clear() throws IOException {
    for (Checkpoint checkpoint : all()) {
      delete(checkpoint.folder());
    }
    delete(folder.resolve("partial"));
    Files.deleteIfExists(folder);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
