package dev.drpo.cli.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.policy.ConfigJson;
import dev.drpo.cli.rehearse.AssociativeWeights.Association;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.text.PolicyTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rehearsal reads: a policy with the quickstart's tokenizer, whose vocabulary is larger than
 * that, problems of the quickstart that have one answer, and a configuration.
 *
 * @param quickstart the folder of the quickstart's data and policy
 * @param folder where all of it is written
 */
record RehearsalFiles(Path quickstart, Path folder) {
  /** Steps of the first run, and of all. */
  static final int STEPS = 2;

  static final int ALL_STEPS = 3;

  private static final String GOLD = "7";
  private static final String OTHER = "3";
  private static final int PROBLEMS = 16;
  private static final int RESPONSE_TOKENS = 32;

  /** Of the vocabulary's upper half, which the tokenizer does not know, before the answer. */
  private static final int UNKNOWN_TOKENS = 24;

  private static final List<String> TEXTS =
      List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json");

  Path policy() {
    return folder.resolve("policy");
  }

  Path configuration() {
    return folder.resolve("rehearsal.yaml");
  }

  Path run() {
    return folder.resolve("run");
  }

  /** Writes everything. */
  void write(ModelConfig shape) throws IOException {
    Files.createDirectories(policy());
    for (String text : TEXTS) {
      Files.copy(quickstart.resolve("policy").resolve(text), policy().resolve(text));
    }
    ConfigJson.write(policy(), shape, ElementType.BF16);
    new AssociativeWeights(shape, associations(shape)).write(policy().resolve("model.safetensors"));
    copyProblems("train.jsonl");
    copyProblems("heldout.jsonl");
    Files.writeString(configuration(), yaml());
  }

  /** From a prompt's last token on: unknown ones, then one of two answers, then the end. */
  private List<Association> associations(ModelConfig shape) {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(policy())) {
      List<List<Integer>> thread = new ArrayList<>();
      thread.add(List.of(token(tokenizer, "?")));
      int half = shape.vocabularySize() / 2;
      for (int i = 0; i < UNKNOWN_TOKENS; i++) {
        thread.add(List.of(half + i * half / UNKNOWN_TOKENS));
      }
      thread.add(List.of(token(tokenizer, "</think>")));
      thread.add(List.of(token(tokenizer, "\\boxed{")));
      thread.add(List.of(token(tokenizer, GOLD), token(tokenizer, OTHER)));
      thread.add(List.of(token(tokenizer, "}")));
      thread.add(List.copyOf(tokenizer.endOfSequence()));
      List<Association> associations = new ArrayList<>();
      for (int i = 0; i + 1 < thread.size(); i++) {
        for (int token : thread.get(i)) {
          associations.add(new Association(token, thread.get(i + 1)));
        }
      }
      return associations;
    }
  }

  private static int token(PolicyTokenizer tokenizer, String word) {
    return tokenizer.encode(word)[0];
  }

  private void copyProblems(String file) throws IOException {
    List<String> problems = new ArrayList<>();
    ObjectMapper mapper = new ObjectMapper();
    for (String line : Files.readAllLines(quickstart.resolve(file))) {
      JsonNode problem = mapper.readTree(line);
      if (problem.path("gold").asText().equals(GOLD) && problems.size() < PROBLEMS) {
        problems.add(line);
      }
    }
    if (problems.size() < PROBLEMS) {
      throw new UsageError(
          "%s has %d problems whose answer is %s, but a rehearsal takes %d; restore it from the repository"
              .formatted(quickstart.resolve(file), problems.size(), GOLD, PROBLEMS));
    }
    Files.write(folder.resolve(file), problems);
  }

  private String yaml() {
    return """
    # A rehearsal: few short responses, so that what takes time and memory is the policy's width.
    run: {id: rehearsal}
    policy: {path: '%s'}
    data: {train: '%s', heldout: '%s'}
    sampling: {temperature: 1, group-size: 4, max-prompt-tokens: 32, max-response-tokens: %d}
    optimizer: {learning-rate: 1.0e-6}
    training:
      steps: %d
      prompts-per-step: 2
      mini-batches-per-step: 1
      max-lag: 0
      tokens-per-micro-batch: 512
      retained-tokens: 512
      checkpoint-every: 1
      checkpoints-kept: 1
    evaluation: {problems: 4, samples: 2, temperature: 1, top-p: 1}
    rollout: {slots: 8, engines: 1}
    weights: {type: bfloat16}
    """
        .formatted(
            policy(),
            folder.resolve("train.jsonl"),
            folder.resolve("heldout.jsonl"),
            RESPONSE_TOKENS,
            STEPS);
  }
}
