package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.learner.RunFiles;
import dev.drpo.learner.checkpoint.CheckpointManifest;
import dev.drpo.learner.checkpoint.CheckpointStore.Checkpoint;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.problems.ProblemFile;
import dev.drpo.reports.RunCounts;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSettingsTest {
  @TempDir Path directory;
  private RunFiles files;

  @BeforeEach
  void write() throws IOException {
    files = RunFiles.write(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "run.seed, 1",
    "objective.name, disco",
    "objective.lambda, 0.2",
    "sampling.group-size, 5",
    "sampling.temperature, 0.7",
    "sampling.max-response-tokens, 13",
    "optimizer.learning-rate, 2e-3",
    "optimizer.beta2, 0.99",
    "optimizer.schedule, cosine",
    "training.prompts-per-step, 4",
    "training.mini-batches-per-step, 1",
    "training.max-lag, 1",
    "training.compute, bfloat16",
    "training.hinge, micro-batch",
    "weights.type, bfloat16",
    "evaluation.samples, 3",
    "reward.require-think, false",
    "reward.conventions, percent:typed"
  })
  void whatShapesTheRunMustNotChange(String key, String value) throws IOException {
    Checkpoint checkpoint = checkpoint(settings(Map.of()));
    RunSettings changed = settings(Map.of(key, value));
    assertThatThrownBy(() -> changed.requireFits(checkpoint, false))
        .isInstanceOf(RunFailure.class)
        .hasMessageContaining(checkpoint.folder().toString())
        .hasMessageContaining(key + " was ")
        .hasMessageContaining(" and is " + changed.values().get(key))
        .hasMessageContaining("run.resume-changed");
    assertThatCode(() -> changed.requireFits(checkpoint, true)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "run.directory, elsewhere",
    "run.resume-changed, true",
    "kafka.bootstrap-servers, other:9092",
    "training.steps, 99",
    "training.checkpoint-every, 7",
    "training.checkpoints-kept, 7",
    "training.bad-steps-allowed, 7",
    "training.threads, 2",
    "training.tokens-per-micro-batch, 64",
    "training.retained-tokens, 0",
    "training.recompute, layers",
    "weights.patch-chunk-bytes, 2048",
    "rollout.slots, 64",
    "learner.address, other:9000",
    "learner.exit-when-complete, true"
  })
  void whereAndHowLongARunComputesMayChange(String key, String value) throws IOException {
    Checkpoint checkpoint = checkpoint(settings(Map.of()));
    RunSettings changed = settings(Map.of(key, value));
    assertThat(changed).isNotEqualTo(settings(Map.of()));
    assertThatCode(() -> changed.requireFits(checkpoint, false)).doesNotThrowAnyException();
  }

  @Test
  void underACosineTheNumberOfStepsMustNotChange() throws IOException {
    Checkpoint checkpoint = checkpoint(settings(Map.of("optimizer.schedule", "cosine")));
    RunSettings longer = settings(Map.of("optimizer.schedule", "cosine", "training.steps", "99"));
    assertThatThrownBy(() -> longer.requireFits(checkpoint, false))
        .hasMessageContaining("training.steps was 4 and is 99");
  }

  @ParameterizedTest
  @CsvSource({
    "train.jsonl, SHA-256 of data.train",
    "heldout.jsonl, SHA-256 of data.heldout",
    "policy/tokenizer.json, SHA-256 of policy.path/tokenizer.json"
  })
  void inputsMayMoveButNotChange(String file, String name) throws IOException {
    Checkpoint checkpoint = checkpoint(settings(Map.of()));
    Path moved = directory.resolve("moved.jsonl");
    Files.copy(directory.resolve("train.jsonl"), moved);
    assertThatCode(
            () -> settings(Map.of("data.train", moved.toString())).requireFits(checkpoint, false))
        .doesNotThrowAnyException();

    Files.writeString(directory.resolve(file), "\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> settings(Map.of()).requireFits(checkpoint, false))
        .hasMessageContaining(name + " was ");
  }

  @Test
  void aCheckpointOfAnotherRunIsRefusedWhateverIsAllowed() throws IOException {
    Checkpoint checkpoint = checkpoint(settings(Map.of()));
    RunSettings other = settings(Map.of("run.id", "other"));
    assertThatThrownBy(() -> other.requireFits(checkpoint, true))
        .isInstanceOf(RunFailure.class)
        .hasMessageContaining("belongs to the run test, but run.id is other");
  }

  @Test
  void aKeyThatTheCheckpointDoesNotKnowMustHaveItsDefault() throws IOException {
    Map<String, String> earlier = new TreeMap<>(settings(Map.of()).values());
    earlier.remove("training.importance-cap");
    earlier.remove("objective.kl");
    RunSettings changed = settings(Map.of("objective.kl", "k3"));
    assertThatCode(() -> settings(Map.of()).requireFits(checkpoint(1, earlier), false))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> changed.requireFits(checkpoint(1, earlier), false))
        .hasMessageContaining("under other settings: objective.kl was k1 and is k3;");
  }

  @Test
  void aCheckpointOfTheFirstFormatIsComparedByWhatItHolds() throws IOException {
    Checkpoint first = checkpoint(0, Map.of());
    assertThatCode(() -> settings(Map.of("optimizer.beta1", "0.8")).requireFits(first, false))
        .doesNotThrowAnyException();
    RunSettings changed = settings(Map.of("run.seed", "9", "training.prompts-per-step", "5"));
    assertThatThrownBy(() -> changed.requireFits(first, false))
        .hasMessageContaining("run.seed was 0 and is 9, training.prompts-per-step was 3 and is 5;");
  }

  @Test
  void theDigestIsOfWhatShapesTheTrainedPolicy() throws IOException {
    String digest = settings(Map.of()).digest();
    assertThat(digest).hasSize(64);
    for (Map<String, String> free :
        List.of(
            Map.of("run.id", "another"),
            Map.of("run.directory", directory.resolve("elsewhere").toString()),
            Map.of("rollout.slots", "16"),
            Map.of("evaluation.problems", "1"))) {
      assertThat(settings(free).digest()).describedAs("%s", free).isEqualTo(digest);
    }
    for (Map<String, String> shaping :
        List.of(
            Map.of("run.seed", "1"),
            Map.of("training.steps", "9"),
            Map.of("training.threads", "2"),
            Map.of("objective.lambda", "0.2"))) {
      assertThat(settings(shaping).digest()).describedAs("%s", shaping).isNotEqualTo(digest);
    }
  }

  @Test
  void theDigestOfGroupsIsOfWhatTheyMayDependOn() throws IOException {
    String digest = settings(Map.of()).groupsDigest();
    assertThat(digest).hasSize(64);
    for (Map<String, String> free :
        List.of(
            Map.of("run.id", "another"),
            Map.of("kafka.lease-seconds", "7"),
            Map.of("rollout.slots", "16"),
            Map.of("training.threads", "2"))) {
      assertThat(settings(free).groupsDigest()).describedAs("%s", free).isEqualTo(digest);
    }
    for (Map<String, String> other :
        List.of(
            Map.of("run.seed", "1"),
            Map.of("sampling.temperature", "0.5"),
            Map.of("evaluation.samples", "1"),
            Map.of("objective.lambda", "0.2"))) {
      assertThat(settings(other).groupsDigest()).describedAs("%s", other).isNotEqualTo(digest);
    }
  }

  private RunSettings settings(Map<String, String> changes) throws IOException {
    Map<String, String> keys = new TreeMap<>(files.settings("test", "localhost:9092"));
    keys.putAll(changes);
    RunConfig config = ConfigLoader.load(null, Map.of(), keys);
    return RunSettings.of(
        config,
        ProblemFile.read(config.data().train()),
        Optional.of(ProblemFile.read(config.data().heldout())),
        new PolicyFolder(config.policy().path()));
  }

  private Checkpoint checkpoint(RunSettings settings) {
    return checkpoint(CheckpointManifest.FORMAT, settings.values());
  }

  private Checkpoint checkpoint(int format, Map<String, String> settings) {
    return new Checkpoint(
        directory.resolve("step-00000001"),
        new CheckpointManifest(
            format,
            "test",
            new PolicyVersion(1, new PolicyDigest("ab".repeat(32))),
            1,
            ProblemFile.read(directory.resolve("train.jsonl")).sha256(),
            0,
            RunFiles.PROMPTS_PER_STEP,
            settings,
            Map.of(),
            Map.of(),
            List.of(),
            0,
            0,
            RunCounts.NONE,
            Map.of(),
            Map.of()));
  }
}
