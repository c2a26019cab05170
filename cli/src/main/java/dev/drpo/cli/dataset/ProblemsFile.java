package dev.drpo.cli.dataset;

import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.DataException;
import dev.drpo.problems.ProblemFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The file of problems that a command looks into, and the policy that it looks with. */
final class ProblemsFile {
  @Parameters(index = "0", paramLabel = "FILE", description = "JSON-lines file of problems.")
  private Path file;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Hugging Face folder of a policy, whose tokenizer and chat template count.")
  private Optional<Path> model = Optional.empty();

  Path path() {
    return file;
  }

  /**
   * Reads the file.
   *
   * @throws DataException if it holds no problems
   */
  ProblemFile read() {
    return ProblemFile.read(file);
  }

  /** The policy's tokenizer, if there is a policy; the caller closes it. */
  Optional<PolicyTokenizer> tokenizer() {
    return model.map(Tokenizers::load);
  }
}
