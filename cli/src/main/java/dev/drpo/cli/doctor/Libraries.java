package dev.drpo.cli.doctor;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.engine.TensorLibrary;
import dev.drpo.policy.engine.TensorLibraryException;
import dev.drpo.policy.text.PolicyTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the native libraries load: tensors and tokenizers. */
final class Libraries {
  private Libraries() {}

  /**
   * @param library what the program comes with
   * @param load loads it and gives the version that it tells
   * @param policy folder of a policy whose tokenizer is loaded
   */
  static List<Finding> find(Optional<TensorLibrary> library, Supplier<String> load, Path policy) {
    return List.of(tensors(library, load), tokenizer(policy));
  }

  static Finding tensors(Optional<TensorLibrary> library, Supplier<String> load) {
    String subject = "tensor library";
    String built = library.map(Libraries::describe).orElse("none on the class path");
    try {
      return Finding.ok(subject, built + "; it loads as version " + load.get());
    } catch (TensorLibraryException | LinkageError e) {
      return Finding.failed(
          subject,
          built + "; it does not load: " + e.getMessage(),
          library.filter(TensorLibrary::isForCuda).isPresent()
              ? "on a machine without a GPU build for the CPU: DRPO_BUILD=cpu ./drpo doctor"
              : "see the message; remove the folder that it is unpacked in if that is incomplete");
    }
  }

  static String describe(TensorLibrary library) {
    return "libtorch %s for %s%s"
        .formatted(
            library.version(),
            library.flavor(),
            library.source().map(path -> ", from " + path).orElse(""));
  }

  static Finding tokenizer(Path policy) {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(policy)) {
      int tokens = tokenizer.encode("11 * 7").length;
      return Finding.ok("tokenizers", "the library loads (%d tokens of a test)".formatted(tokens));
    } catch (PolicyFormatException | LinkageError e) {
      return Finding.failed(
          "tokenizers",
          "the library or " + policy + " does not load: " + e.getMessage(),
          "restore the folder from the repository, and see that DJL_CACHE_DIR can be written to");
    }
  }
}
