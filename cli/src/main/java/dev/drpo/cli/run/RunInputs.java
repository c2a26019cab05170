package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.problems.DataException;
import dev.drpo.problems.ProblemFile;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds missing inputs and a policy that can't be loaded before anything is started. The learner
 * checks the lines of the data.
 */
public final class RunInputs {
  private static final List<String> POLICY_FILES = List.of("config.json", "tokenizer.json");

  private RunInputs() {}

  /**
   * Checks what the services would refuse only once they run.
   *
   * @throws UsageError if an input is missing or can't be loaded
   */
  public static void check(RunConfig config) {
    requireFile("data.train", config.data().train());
    if (config.evaluation().problems() > 0) {
      requireFile("data.heldout", config.data().heldout());
      requireSets(config);
    }
    Path policy = config.policy().path();
    if (!Files.isDirectory(policy)) {
      throw new UsageError(
          "policy.path is "
              + policy
              + ", which is no folder; set it to a Hugging Face folder, such as"
              + " datasets/quickstart/policy");
    }
    for (String name : POLICY_FILES) {
      if (!Files.isReadable(policy.resolve(name))) {
        throw new UsageError(
            "the policy folder "
                + policy
                + " lacks a readable "
                + name
                + "; it must hold "
                + String.join(", ", POLICY_FILES));
      }
    }
    try {
      new PolicyFolder(policy).requireLoadable();
    } catch (PolicyFormatException e) {
      throw new UsageError(e.getMessage());
    }
  }

  private static void requireSets(RunConfig config) {
    String key = config.evaluation().sets();
    if (!key.isEmpty()) {
      try {
        ProblemFile.read(config.data().heldout()).problems().forEach(problem -> problem.set(key));
      } catch (DataException e) {
        throw new UsageError(e.getMessage());
      }
    }
  }

  private static void requireFile(String key, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new UsageError(
          key
              + " is "
              + file
              + ", which is no readable file; set it to a JSON-lines file of problems");
    }
  }
}
