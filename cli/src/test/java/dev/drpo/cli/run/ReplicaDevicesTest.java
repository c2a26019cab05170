package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReplicaDevicesTest {
  private static final Machine EIGHT = Machines.with(8, 80);

  @Test
  void replicasTakeTheListsDevicesInOrder() {
    RunConfig config = config("cuda:0", "cuda:3,cuda:1,cuda:2");
    assertThat(ReplicaDevices.of(config, OptionalInt.empty(), EIGHT))
        .containsExactly("cuda:3", "cuda:1", "cuda:2");
    assertThat(ReplicaDevices.of(config, OptionalInt.of(2), EIGHT))
        .containsExactly("cuda:3", "cuda:1");
    assertThatThrownBy(() -> ReplicaDevices.of(config, OptionalInt.of(4), EIGHT))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll("4 rollout replicas", "rollout.devices names 3", "--replicas");
  }

  @Test
  void underCudaTheyTakeWhatTheLearnerLeavesFree() {
    RunConfig config = config("cuda:0,cuda:2,cuda:7", "cuda");
    assertThat(ReplicaDevices.of(config, OptionalInt.empty(), EIGHT)).containsExactly("cuda:1");
    assertThat(ReplicaDevices.of(config, OptionalInt.of(5), EIGHT))
        .containsExactly("cuda:1", "cuda:3", "cuda:4", "cuda:5", "cuda:6");
    assertThatThrownBy(() -> ReplicaDevices.of(config, OptionalInt.of(6), EIGHT))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll("6 rollout replicas", "leaves 5", "./drpo plan");
  }

  @Test
  void aMachinesOnlyGpuIsSharedWithTheLearner() {
    assertThat(
            ReplicaDevices.of(config("cuda:0", "cuda"), OptionalInt.empty(), Machines.with(1, 80)))
        .containsExactly("cuda:0");
    assertThatThrownBy(
            () ->
                ReplicaDevices.of(
                    config("cuda:0,cuda:1", "cuda"), OptionalInt.empty(), Machines.with(2, 80)))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("leaves 0 of this machine free (none)");
  }

  @Test
  void anyNumberOfReplicasShareTheCpu() {
    Machine none =
        new Machine(
            () -> {
              throw new AssertionError("nobody needs a GPU");
            },
            1,
            1);
    RunConfig config = ConfigLoader.load(null, Map.of(), Map.of());
    assertThat(ReplicaDevices.of(config, OptionalInt.of(3), none))
        .containsExactly("cpu", "cpu", "cpu");
    assertThat(ReplicaDevices.of(config, OptionalInt.empty(), none)).containsExactly("cpu");
  }

  @Test
  void aServerSamplesForOneReplicaAndTheEngineOfAnotherProcessForNone() {
    Map<String, String> beside =
        Map.of("rollout.engine", "vllm", "training.old-log-probabilities", "recompute");
    RunConfig config = ConfigLoader.load(null, Map.of(), beside);
    assertThat(ReplicaDevices.of(config, OptionalInt.of(1), EIGHT)).containsExactly("cpu");
    assertThatThrownBy(() -> ReplicaDevices.of(config, OptionalInt.of(2), EIGHT))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll("2 rollout replicas", "rollout.engine-address", "start one");
    RunConfig engine = ConfigLoader.load(null, Map.of(), Map.of("rollout.engine-api", "true"));
    assertThatThrownBy(() -> ReplicaDevices.of(engine, OptionalInt.of(1), EIGHT))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("rollout.engine-api is true");
  }

  private static RunConfig config(String learner, String rollouts) {
    return ConfigLoader.load(
        null,
        Map.of(),
        new HashMap<>(
            Map.of(
                "training.devices",
                learner,
                "training.compute",
                "bfloat16",
                "rollout.devices",
                rollouts,
                "rollout.compute",
                "bfloat16")));
  }
}
