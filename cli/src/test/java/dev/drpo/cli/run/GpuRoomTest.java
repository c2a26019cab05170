package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.planning.Fleet;
import dev.drpo.planning.KnownPolicy;
import dev.drpo.planning.Lengths;
import dev.drpo.planning.Planner;
import dev.drpo.planning.Request;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuRoomTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"R1_1_5B, 1", "R1_1_5B, 8", "R1_7B, 8"})
  void whatAPlanGivesFitsAMachineOfItsKind(KnownPolicy policy, int gpus) throws IOException {
    RunConfig config = planned(policy, gpus + "x80GB");
    assertThatCode(() -> GpuRoom.check(run(config, gpus), Machines.with(gpus, 80)))
        .doesNotThrowAnyException();
  }

  @Test
  void aGpuThatIsNotThereIsRefusedBeforeAnythingStarts() throws IOException {
    RunConfig config = planned(KnownPolicy.R1_1_5B, "8x80GB");
    RunPlan run = run(config, 8);
    assertThatThrownBy(() -> GpuRoom.check(run, Machines.with(4, 80)))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll(
            "this machine has 4 GPUs, cuda:0 to cuda:3",
            "./drpo doctor",
            "./drpo plan --gpus 4x80GB");
    assertThatThrownBy(() -> GpuRoom.check(run, Machines.with(0, 80)))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll(
            "training.devices names cuda:0", "no GPU that nvidia-smi tells of");
  }

  @Test
  void learnerAndReplicaOnOneGpuAreRefusedWithBothPlansUnlessTheSumFits() throws IOException {
    RunConfig config = planned(KnownPolicy.R1_1_5B, "1x80GB");
    assertThatThrownBy(() -> GpuRoom.check(run(config, 1), Machines.with(1, 48)))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll(
            "cuda:0 has 48.00 GB free of 48.00 GB, and this run needs 77.",
            "training.devices and rollout.devices both name it",
            "the learner",
            "gradients 7.11 GB",
            "a rollout replica",
            "KV cache",
            "./drpo plan --gpus 1x48GB");
  }

  @Test
  void oneThatDoesNotFitAloneIsRefusedWithItsPlan() throws IOException {
    RunConfig config = planned(KnownPolicy.R1_7B, "8x80GB");
    assertThatThrownBy(() -> GpuRoom.check(run(config, 8), Machines.with(8, 24)))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll("cuda:0 has 24.00 GB free", "the learner", "optimizer")
        .hasMessageNotContaining("both name");
  }

  @Test
  void withoutGpusNobodyAsksForThem() throws IOException {
    Machine machine =
        new Machine(
            () -> {
              throw new AssertionError("nobody needs a GPU");
            },
            1,
            1);
    RunPlan run =
        new RunPlan(new RunFolder(folder), ConfigLoader.load(null, Map.of(), Map.of()), 1);
    assertThatCode(() -> GpuRoom.check(run, machine)).doesNotThrowAnyException();
  }

  private RunConfig planned(KnownPolicy policy, String gpus) throws IOException {
    Map<String, String> keys = new HashMap<>();
    keys.put("policy.path", policy(policy.model()).toString());
    RunConfig config =
        ConfigLoader.load(null, Map.of(ConfigLoader.PRESET_VARIABLE, "drpo-1.5b-8k"), keys);
    return Planner.plan(
            new Request(
                policy.title(),
                policy.model(),
                config,
                Fleet.parse(gpus, 1),
                Lengths.of(config.sampling(), OptionalDouble.empty())))
        .config();
  }

  private RunPlan run(RunConfig config, int gpus) {
    List<String> replicas = ReplicaDevices.of(config, OptionalInt.empty(), Machines.with(gpus, 80));
    return new RunPlan(new RunFolder(folder), config, replicas, Optional.empty());
  }

  /** A folder with the shape alone. */
  private Path policy(ModelConfig model) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {
          "architectures": ["Qwen2ForCausalLM"],
          "vocab_size": %d,
          "hidden_size": %d,
          "intermediate_size": %d,
          "num_hidden_layers": %d,
          "num_attention_heads": %d,
          "num_key_value_heads": %d,
          "max_position_embeddings": %d
        }
        """
            .formatted(
                model.vocabularySize(),
                model.hiddenSize(),
                model.intermediateSize(),
                model.layers(),
                model.heads(),
                model.keyValueHeads(),
                model.contextLength()));
    return folder;
  }
}
