package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.process.Ports;
import dev.drpo.cli.process.ServiceSpec;
import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The processes of a local run get the variables and options of the base manifests' pods, with the
 * same values. What differs stands here, with the reason.
 */
class PodVariablesTest {
  private static final List<String> SERVICES = List.of("reward", "learner", "rollout");

  private static final Map<String, String> OTHER_VALUES =
      Map.of(
          "DRPO_CONFIG", "the folder of the run holds its file",
          "DRPO_KAFKA_BOOTSTRAP_SERVERS", "the broker has a free port of this machine",
          "DRPO_LEARNER_ADDRESS", "so does the learner",
          "DRPO_REPLICA", "a process has no pod to be named by");

  private static final Map<String, String> IN_PODS_ALONE =
      Map.of(
          "PATH", "the launcher's own JDK runs the processes",
          "JDK_JAVA_OPTIONS", "options stand on the command line",
          "JAVA_TOOL_OPTIONS", "options stand on the command line",
          "DJL_CACHE_DIR", "a user has a home, which a pod's user has not",
          "XDG_CACHE_HOME", "a user has a home, which a pod's user has not",
          "THP_MEM_ALLOC_ENABLE", "the launcher exports it",
          "reward DRPO_LEARNER_ADDRESS", "the judge, which does not call it, starts before it");

  private static final Map<String, String> HERE_ALONE =
      Map.of(
          "DRPO_PARENT_PID", "a pod has no launcher to end with",
          "QUARKUS_HTTP_HOST", "nobody but this machine reaches them",
          "QUARKUS_GRPC_SERVER_HOST", "nobody but this machine reaches them",
          "QUARKUS_HTTP_PORT", "several processes share one machine's ports",
          "QUARKUS_GRPC_SERVER_PORT", "several processes share one machine's ports",
          "QUARKUS_HTTP_SSL_PORT", "several processes share one machine's ports",
          "DRPO_ROLLOUT_DEVICES", "replicas share one machine's GPUs");

  private static final Map<String, String> OTHER_OPTIONS =
      Map.of(
          "-Xmx", "a process has no container whose share it could take",
          "-XX:MaxRAMPercentage", "a process has no container whose share it could take",
          "@/opt/drpo/natives/java.options", "the tensor library is unpacked at the first start");

  @TempDir Path folder;
  private InstalledServices services;

  @BeforeEach
  void prepare() throws IOException {
    Repository.in(folder);
    Map<String, String> preset = Map.of("DRPO_PRESET", "quickstart");
    Map<String, String> policy =
        Map.of("policy.path", folder.resolve("datasets/quickstart/policy").toString());
    RunPlan plan =
        new RunPlan(
            new RunFolder(folder.resolve("out")), ConfigLoader.load(null, preset, policy), 1);
    services = InstalledServices.under(folder, plan, Map.of());
  }

  private Launch launch(String service) {
    ServiceSpec spec =
        switch (service) {
          case "reward" -> services.reward("127.0.0.1:9");
          case "learner" -> services.learner("127.0.0.1:9");
          default -> services.rollout(1, "127.0.0.1:9", "127.0.0.1:8");
        };
    return spec.launch().apply(new Ports(1, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reward", "learner", "rollout"})
  void aProcessHasTheVariablesOfItsPod(String service) throws IOException {
    Map<String, String> pod = Pod.of(service).variables();
    Map<String, String> process = launch(service).environment();

    assertThat(without(HERE_ALONE, service, process.keySet()))
        .isEqualTo(without(IN_PODS_ALONE, service, pod.keySet()));
    process.forEach(
        (name, value) -> {
          if (!OTHER_VALUES.containsKey(name) && pod.containsKey(name)) {
            assertThat(value).as(name + " of " + service).isEqualTo(pod.get(name));
          }
        });
  }

  private static Set<String> without(
      Map<String, String> differences, String service, Set<String> names) {
    Set<String> rest = new TreeSet<>(names);
    rest.removeIf(it -> differences.containsKey(it) || differences.containsKey(service + " " + it));
    return rest;
  }

  @ParameterizedTest
  @ValueSource(strings = {"reward", "learner", "rollout"})
  void aProcessHasTheOptionsOfItsImage(String service) throws IOException {
    assertThat(options(launch(service).command())).isEqualTo(common(Pod.of(service).options()));
  }

  /** Those between the program and what it runs. */
  private static Set<String> options(List<String> command) {
    return common(command.subList(1, command.indexOf("-jar")));
  }

  private static Set<String> common(List<String> options) {
    Set<String> common = new TreeSet<>(options);
    common.removeIf(option -> OTHER_OPTIONS.keySet().stream().anyMatch(option::startsWith));
    return common;
  }

  @Test
  void everyDifferenceIsStillOne() throws IOException {
    Set<String> inPods = new HashSet<>();
    Set<String> here = new HashSet<>();
    for (String service : SERVICES) {
      Pod.of(service)
          .variables()
          .keySet()
          .forEach(it -> inPods.addAll(Set.of(it, service + " " + it)));
      here.addAll(launch(service).environment().keySet());
    }
    assertThat(inPods).containsAll(IN_PODS_ALONE.keySet()).containsAll(OTHER_VALUES.keySet());
    assertThat(here).containsAll(HERE_ALONE.keySet()).containsAll(OTHER_VALUES.keySet());
  }

  @Test
  void theLauncherExportsWhatTheImagesSet() throws IOException {
    String name = "THP_MEM_ALLOC_ENABLE";
    assertThat(Files.readString(Path.of(System.getProperty("drpo.root"), "drpo")))
        .contains(
            "export %s=${%s:-%s}".formatted(name, name, Pod.of("learner").variables().get(name)));
  }
}
