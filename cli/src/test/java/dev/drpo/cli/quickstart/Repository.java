package dev.drpo.cli.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The parts of a built repository that a run looks for, empty. */
record Repository(Path root) {
  static Repository in(Path root) throws IOException {
    for (String file :
        List.of(
            "datasets/quickstart/train.jsonl",
            "datasets/quickstart/heldout.jsonl",
            "datasets/quickstart/policy/config.json",
            "datasets/quickstart/policy/tokenizer.json",
            "datasets/quickstart/policy/model.safetensors",
            "broker/target/broker-1.jar",
            "reward-service/target/quarkus-app/quarkus-run.jar",
            "learner-service/target/quarkus-app/quarkus-run.jar",
            "rollout-service/target/quarkus-app/quarkus-run.jar")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), "");
    }
    return new Repository(root);
  }

  Path delete(String file) throws IOException {
    Path path = root.resolve(file);
    Files.delete(path);
    return path;
  }
}
