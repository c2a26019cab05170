package dev.drpo.learner;

import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The smallest inputs of a run: a random policy and two files of problems. */
public record RunFiles(Path folder) {
  public static final int STEPS = 4;
  public static final int PROMPTS_PER_STEP = 3;
  public static final int GROUP_SIZE = 4;

  /** Writes them. */
  public static RunFiles write(Path folder) throws IOException {
    TinyPolicy.write(folder.resolve("policy"), 1, TinyPolicy.Preset.SLIM);
    Files.writeString(folder.resolve("train.jsonl"), problems("t", 7));
    Files.writeString(folder.resolve("heldout.jsonl"), problems("h", 2));
    return new RunFiles(folder);
  }

  private static String problems(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                """
                {"id":"%s%d","messages":[{"role":"user","content":"w%d w%d"}],"gold":"%d"}
                """
                    .formatted(prefix, i, 3 + i, 5 + i, i))
        .collect(Collectors.joining());
  }

  /** Overrides of the configuration for a run in a folder of its own. */
  public Map<String, String> settings(String run, String bootstrapServers) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("run.id", run);
    settings.put("run.directory", folder.resolve(run).toString());
    settings.put("kafka.bootstrap-servers", bootstrapServers);
    settings.put("data.train", folder.resolve("train.jsonl").toString());
    settings.put("data.heldout", folder.resolve("heldout.jsonl").toString());
    settings.put("policy.path", folder.resolve("policy").toString());
    settings.put("sampling.group-size", Integer.toString(GROUP_SIZE));
    settings.put("sampling.max-prompt-tokens", "8");
    settings.put("sampling.max-response-tokens", "12");
    settings.put("optimizer.learning-rate", "1e-3");
    settings.put("training.steps", Integer.toString(STEPS));
    settings.put("training.prompts-per-step", Integer.toString(PROMPTS_PER_STEP));
    settings.put("training.mini-batches-per-step", "2");
    settings.put("training.max-lag", "0");
    // Several micro-batches, and two passes for all but the smallest mini-batches.
    settings.put("training.tokens-per-micro-batch", "48");
    settings.put("training.retained-tokens", "48");
    settings.put("evaluation.problems", "2");
    settings.put("evaluation.samples", "2");
    return settings;
  }
}
