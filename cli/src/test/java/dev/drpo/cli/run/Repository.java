package dev.drpo.cli.run;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The parts of a built repository that a run looks for: a tiny policy, the rest empty. */
public record Repository(Path root) {
  private static final String CONFIG =
      """
      {
        "architectures": ["Qwen2ForCausalLM"],
        "vocab_size": 4,
        "hidden_size": 4,
        "intermediate_size": 4,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "max_position_embeddings": 8
      }
      """;

  /** Makes them in a folder. */
  public static Repository in(Path root) throws IOException {
    for (String file :
        List.of(
            "datasets/quickstart/train.jsonl",
            "datasets/quickstart/heldout.jsonl",
            "datasets/quickstart/policy/tokenizer.json",
            "broker/target/broker-1.jar",
            "reward-service/target/quarkus-app/quarkus-run.jar",
            "learner-service/target/quarkus-app/quarkus-run.jar",
            "rollout-service/target/quarkus-app/quarkus-run.jar")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), "");
    }
    Path policy = root.resolve("datasets/quickstart/policy");
    Files.writeString(policy.resolve("config.json"), CONFIG);
    PolicyInitializer.write(policy.resolve("model.safetensors"), ModelConfig.read(policy), 0.1, 1);
    return new Repository(root);
  }

  /** Removes one of them. */
  public Path delete(String file) throws IOException {
    Path path = root.resolve(file);
    Files.delete(path);
    return path;
  }
}
