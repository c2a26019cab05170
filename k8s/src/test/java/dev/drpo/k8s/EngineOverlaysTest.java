package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.planning.KnownPolicy;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.runtime.config.Precision;
import dev.drpo.runtime.config.RolloutConfig;
import dev.drpo.runtime.config.RunConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The overlays with an engine of another project beside each replica. */
class EngineOverlaysTest {
  private static final String GPU = "nvidia.com/gpu";

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "EMBEDDED")
  void theEngineIsReachedFromItsPodAloneAndSeesTheWeightsThatTheReplicaWrites(
      RolloutConfig.Engine kind) throws IOException, InterruptedException {
    Cluster cluster =
        Cluster.of(
            StrictModel.documents(
                Kustomize.render("overlays/" + kind.name().toLowerCase(Locale.ROOT))));
    Workload rollout = cluster.workload("rollout");
    RunConfig config = ConfigurationRules.config(cluster, rollout);
    assertThat(config.rollout().engine()).isEqualTo(kind);
    assertThat(config.rollout().compute()).isEqualTo(Precision.BFLOAT16);
    assertThat(config.training().recomputesOld()).isTrue();

    List<Container> containers = rollout.pod().getContainers();
    assertThat(containers).hasSize(2);
    Container engine = containers.get(1);
    String[] address = config.rollout().engineAddress().split(":", 2);
    assertThat(engine.getCommand()).contains("--host=" + address[0], "--port=" + address[1]);
    assertThat(engine.getPorts()).isEmpty();
    assertThat(engine.getStartupProbe().getExec().getCommand().getLast())
        .contains("http://" + config.rollout().engineAddress() + "/health");
    int longest = config.sampling().maxPromptTokens() + config.sampling().maxResponseTokens();
    assertThat(engine.getCommand())
        .containsAnyOf("--max-model-len=" + longest, "--context-length=" + longest)
        .anyMatch(word -> word.endsWith(config.policy().path().toString()));

    assertThat(engine.getResources().getLimits()).containsKey(GPU);
    assertThat(rollout.limits()).doesNotContainKey(GPU);

    String folder = config.rollout().engineFolder().toString();
    VolumeMount written = mount(rollout.container(), folder);
    VolumeMount read = mount(engine, folder);
    assertThat(written.getName()).isEqualTo(read.getName());
    assertThat(written.getReadOnly()).isNotEqualTo(true);
    assertThat(medium(rollout, written.getName())).isEqualTo("Memory");
    assertThat(medium(rollout, mount(engine, "/dev/shm").getName())).isEqualTo("Memory");
    long version =
        PolicyLayout.of(KnownPolicy.ofSize("1.5b").orElseThrow().model()).bytes(ElementType.BF16);
    assertThat(rollout.volumeLimit(written.getName()).orElseThrow())
        .isGreaterThanOrEqualTo(2 * version);
    assertThat(rollout.memoryLimit())
        .as("what lies in memory counts as its writer's")
        .isGreaterThan(rollout.volumeLimit(written.getName()).orElseThrow() + 2 * version);
  }

  private static VolumeMount mount(Container container, String path) {
    return container.getVolumeMounts().stream()
        .filter(mount -> mount.getMountPath().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError(container.getName() + " sees no " + path));
  }

  private static String medium(Workload workload, String name) {
    return workload.pod().getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .map(Volume::getEmptyDir)
        .findFirst()
        .orElseThrow()
        .getMedium();
  }
}
