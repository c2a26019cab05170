package dev.drpo.cli.run;

import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads how large a policy is from the headers of its files. */
final class PolicyWeights {
  private PolicyWeights() {}

  /** Bytes of the files in a policy's folder; 0 where there are none. */
  static long fileBytes(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      long sum = 0;
      for (Path file : files) {
        sum += Files.size(file);
      }
      return sum;
    } catch (IOException e) {
      // Whoever reads the policy tells what is wrong with it.
      return 0;
    }
  }

  /** Number of parameters of the policy in a folder. */
  static long parameters(Path folder) {
    try (Safetensors weights = new PolicyFolder(folder).openWeights()) {
      return weights.tensors().stream()
          .mapToLong(tensor -> tensor.bytes() / tensor.type().bytes())
          .sum();
    }
  }

  /** Bytes of its tensors, in the types that its files have them in. */
  static long bytes(Path folder) {
    try (Safetensors weights = new PolicyFolder(folder).openWeights()) {
      return weights.tensors().stream().mapToLong(TensorInfo::bytes).sum();
    }
  }
}
