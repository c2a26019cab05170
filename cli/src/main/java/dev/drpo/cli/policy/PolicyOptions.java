package dev.drpo.cli.policy;

import ai.djl.Device;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.safetensors.ElementType;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which policy a command runs, where and in what element type. */
public final class PolicyOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face folder of the policy.")
  private Path model;

  @Mixin private ComputeOptions compute;

  /**
   * The policy's folder.
   *
   * @throws UsageError if it is none
   */
  public PolicyFolder folder() {
    return folder(model);
  }

  /**
   * The folder that {@code --model} names.
   *
   * @throws UsageError if it is none
   */
  public static PolicyFolder folder(Path model) {
    if (!Files.isDirectory(model)) {
      throw new UsageError(
          "--model is "
              + model
              + (Files.exists(model) ? ", which is no folder" : ", which does not exist")
              + "; give a Hugging Face folder, such as datasets/quickstart/policy");
    }
    return new PolicyFolder(model);
  }

  /**
   * What to compute in.
   *
   * @throws UsageError if there is no such type
   */
  public ElementType type() {
    return compute.type();
  }

  /**
   * Where to compute. Starts the tensor engine, if it is not the CPU.
   *
   * @throws UsageError if there is no such device
   */
  public Device device() {
    return compute.device();
  }
}
