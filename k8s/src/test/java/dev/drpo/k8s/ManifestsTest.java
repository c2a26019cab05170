package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.HeapNeeds;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final Set<String> SERVICES = Set.of("learner", "reward", "rollout");

  private static List<HasMetadata> objects;
  private static List<Workload> workloads;
  private static List<Workload> services;

  @BeforeAll
  static void load() throws Exception {
    objects = Manifests.load();
    workloads = Workload.of(objects);
    services = workloads.stream().filter(Workload::isService).toList();
  }

  private static <T extends HasMetadata> List<T> all(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Workload workload(String name) {
    return workloads.stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  /** What the services share, and over it what the application sets itself. */
  private static Properties applicationProperties(Workload workload) throws IOException {
    Properties properties = new Properties();
    for (Path file :
        List.of(
            Path.of("service-kit/src/main/resources/META-INF/microprofile-config.properties"),
            Path.of(workload.module(), "src/main/resources/application.properties"))) {
      try (Reader reader = Files.newBufferedReader(Manifests.ROOT.resolve(file))) {
        properties.load(reader);
      }
    }
    return properties;
  }

  @Test
  void everythingThatTheQuickstartNeedsIsThere() {
    assertThat(objects.stream().map(it -> it.getKind() + "/" + it.getMetadata().getName()))
        .contains(
            "Namespace/drpo",
            "StatefulSet/kafka",
            "StatefulSet/learner",
            "Deployment/rollout",
            "Deployment/reward",
            "Service/kafka",
            "Service/learner",
            "Service/rollout",
            "Service/reward");
    assertThat(services.stream().map(Workload::name)).containsExactlyInAnyOrderElementsOf(SERVICES);
  }

  @Test
  void theFilesParseWithoutKubectlAsWell() throws IOException {
    assertThat(Manifests.files().stream().map(HasMetadata::getKind))
        .containsExactlyInAnyOrderElementsOf(objects.stream().map(HasMetadata::getKind).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec: {replica: 2}",
        "spec: {replicas: \"2\"}",
        "spec: {template: {spec: {containers: [{name: a, env: [{name: B, value: 1}]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, livenessProbes: {}}]}}}",
        "spec: {template: {metadata: {labels: {a: true}}}}",
        "spec: {replicas: 1, replicas: 2}",
      })
  void theParserRefusesWhatAStrictServerRefuses(String spec) {
    assertThatThrownBy(
            () -> StrictModel.parse("apiVersion: apps/v1\nkind: Deployment\n" + spec + "\n"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void selectorsFindTheirPods() {
    for (Workload workload : workloads) {
      assertThat(workload.selector().getMatchLabels())
          .as(workload.name())
          .isNotEmpty()
          .allSatisfy(
              (key, value) ->
                  assertThat(workload.template().getMetadata().getLabels())
                      .containsEntry(key, value));
    }
  }

  @Test
  void servicesSendToPortsThatTheirPodsOpen() {
    for (Service service : all(Service.class)) {
      List<Workload> targets =
          workloads.stream()
              .filter(
                  it ->
                      it.template()
                          .getMetadata()
                          .getLabels()
                          .entrySet()
                          .containsAll(service.getSpec().getSelector().entrySet()))
              .toList();
      String name = service.getMetadata().getName();
      assertThat(targets).as("pods of service " + name).hasSize(1);
      for (ServicePort port : service.getSpec().getPorts()) {
        assertThat(targets.getFirst().port(port.getTargetPort()))
            .as("target of port " + port.getPort() + " of service " + name)
            .isPresent();
      }
    }
  }

  @Test
  void everyServiceOpensTheTwoPortsOfItsApplication() throws IOException {
    for (Workload workload : services) {
      Properties properties = applicationProperties(workload);
      assertThat(properties.getProperty("quarkus.grpc.server.use-separate-server", "true"))
          .as("a gRPC server of its own in " + workload.module())
          .isEqualTo("true");
      Map<String, Integer> ports =
          Map.of(
              "http", Integer.valueOf(properties.getProperty("quarkus.http.port", "8080")),
              "grpc", Integer.valueOf(properties.getProperty("quarkus.grpc.server.port", "9000")));
      assertThat(
              workload.container().getPorts().stream()
                  .collect(
                      Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort)))
          .as("container ports of " + workload.name())
          .isEqualTo(ports);
      assertThat(
              service(workload.name()).getSpec().getPorts().stream()
                  .collect(Collectors.toMap(ServicePort::getName, ServicePort::getPort)))
          .as("ports of service " + workload.name())
          .isEqualTo(ports);
    }
  }

  private static Service service(String name) {
    return all(Service.class).stream()
        .filter(it -> it.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no service " + name));
  }

  @Test
  void aStatefulSetNamesAServiceThatExists() {
    Set<String> names =
        all(Service.class).stream()
            .map(it -> it.getMetadata().getName())
            .collect(Collectors.toSet());
    assertThat(all(StatefulSet.class))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(names).contains(it.getSpec().getServiceName()));
  }

  @Test
  void probesAskTheApplicationsHealthEndpoints() throws IOException {
    for (Workload workload : services) {
      Properties properties = applicationProperties(workload);
      int port = Integer.parseInt(properties.getProperty("quarkus.http.port", "8080"));
      assertThat(properties.stringPropertyNames())
          .as("settings of " + workload.module() + " that would move the probes")
          .noneMatch(
              key ->
                  key.equals("quarkus.http.root-path")
                      || key.endsWith("non-application-root-path")
                      || key.startsWith("quarkus.management.")
                      || key.matches("quarkus\\.smallrye-health\\..*path"));
      Container container = workload.container();
      probe(workload, container.getStartupProbe(), "/q/health/started", port);
      probe(workload, container.getReadinessProbe(), "/q/health/ready", port);
      probe(workload, container.getLivenessProbe(), "/q/health/live", port);
    }
  }

  private static void probe(Workload workload, Probe probe, String path, int port) {
    assertThat(probe).as("a probe for " + path + " of " + workload.name()).isNotNull();
    assertThat(probe.getHttpGet().getPath()).as(workload.name()).isEqualTo(path);
    assertThat(workload.port(probe.getHttpGet().getPort()))
        .as("port that " + path + " of " + workload.name() + " is asked on")
        .contains(port);
  }

  @Test
  void everyServiceLoadsTheRunFromItsFileAndItsVariables(@TempDir Path folder) throws IOException {
    for (Workload workload : services) {
      Map<String, String> environment = workload.environment();
      Path mounted = mounted(workload, Path.of(environment.get("DRPO_CONFIG")), folder);
      RunConfig config = ConfigLoader.load(mounted, environment, Map.of());
      assertThat(config.run().id()).isEqualTo("quickstart");
      assertThat(environment).as(workload.name()).containsKey("DRPO_REPLICA");
      reachable(config.kafka().bootstrapServers(), "kafka");
      reachable(config.learner().address(), "grpc");
    }
  }

  /** The file that the pod sees under a path, by way of its volumes and the ConfigMap. */
  private static Path mounted(Workload workload, Path file, Path folder) throws IOException {
    VolumeMount mount =
        workload.container().getVolumeMounts().stream()
            .filter(it -> Path.of(it.getMountPath()).equals(file.getParent()))
            .findFirst()
            .orElseThrow(() -> new AssertionError(workload.name() + " mounts nothing at " + file));
    String map = volume(workload, mount.getName()).getConfigMap().getName();
    ConfigMap content =
        all(ConfigMap.class).stream()
            .filter(it -> it.getMetadata().getName().equals(map))
            .findFirst()
            .orElseThrow(() -> new AssertionError("there is no ConfigMap " + map));
    String key = file.getFileName().toString();
    assertThat(content.getData()).containsKey(key);
    return Files.writeString(
        folder.resolve(workload.name() + "-" + key), content.getData().get(key));
  }

  private static Volume volume(Workload workload, String name) {
    return workload.pod().getVolumes().stream()
        .filter(it -> it.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(workload.name() + " has no volume " + name));
  }

  private static void reachable(String address, String port) {
    String[] hostAndPort = address.split(":", 2);
    assertThat(service(hostAndPort[0]).getSpec().getPorts())
        .as("the port behind " + address)
        .anySatisfy(
            it -> {
              assertThat(it.getName()).isEqualTo(port);
              assertThat(it.getPort()).isEqualTo(Integer.valueOf(hostAndPort[1]));
            });
  }

  @Test
  void theRunsDirectoryIsAWritableVolumeOfTheLearner() {
    RunConfig config = ConfigLoader.load(Manifests.FOLDER.resolve("run.yaml"), Map.of(), Map.of());
    assertThat(workload("learner").container().getVolumeMounts())
        .anySatisfy(
            mount -> {
              assertThat(config.run().directory()).startsWithRaw(Path.of(mount.getMountPath()));
              assertThat(volume(workload("learner"), mount.getName()).getEmptyDir()).isNotNull();
            });
  }

  @Test
  void dataAndPolicyLieWhereTheImagesPutThem() throws IOException {
    RunConfig config = ConfigLoader.load(Manifests.FOLDER.resolve("run.yaml"), Map.of(), Map.of());
    assertThat(stage("policy"))
        .contains("COPY datasets/quickstart /opt/drpo/datasets/quickstart\n");
    for (String service : List.of("learner", "rollout")) {
      assertThat(stage(service)).startsWith("FROM policy AS ");
    }
    Path folder = Path.of("/opt/drpo/datasets/quickstart");
    for (Path inImage :
        List.of(config.data().train(), config.data().heldout(), config.policy().path())) {
      assertThat(inImage).startsWithRaw(folder);
      assertThat(Manifests.ROOT.resolve("datasets/quickstart").resolve(folder.relativize(inImage)))
          .exists();
    }
  }

  @Test
  void theDockerfileBuildsEveryImageOfOursWithTheSameUserAndPorts() throws IOException {
    for (Workload workload : services) {
      assertThat(workload.module()).isEqualTo(workload.name() + "-service");
      assertThat(stage(workload.name())).as(workload.name()).contains("JAVA_TOOL_OPTIONS=");
      assertThat(stage("any"))
          .contains(
              workload.container().getPorts().stream()
                  .map(port -> port.getContainerPort().toString())
                  .collect(Collectors.joining(" ", "EXPOSE ", "\n")));
      assertThat(dockerfile())
          .contains("\nFROM ${SERVICE}\n")
          .contains("COPY ${SERVICE}-service/target/quarkus-app/lib/")
          .containsPattern(
              "(?m)^USER " + workload.pod().getSecurityContext().getRunAsUser() + "\\b");
    }
  }

  @Test
  void theHeapsThatTheImagesGiveHoldWhatTheRunNeeds() throws IOException {
    RunConfig config = ConfigLoader.load(Manifests.FOLDER.resolve("run.yaml"), Map.of(), Map.of());
    Map<String, HeapNeeds> needs =
        Map.of("learner", HeapNeeds.learner(config), "rollout", HeapNeeds.rollout(config));
    for (Map.Entry<String, HeapNeeds> need : needs.entrySet()) {
      Matcher share = Pattern.compile("-XX:MaxRAMPercentage=(\\d+) ").matcher(stage(need.getKey()));
      assertThat(share.find()).as("the share of the heap in " + need.getKey()).isTrue();
      long container =
          workload(need.getKey())
              .container()
              .getResources()
              .getLimits()
              .get("memory")
              .getNumericalAmount()
              .longValueExact();
      assertThat(container * Integer.parseInt(share.group(1)) / 100)
          .as("heap of " + need.getKey())
          .isGreaterThanOrEqualTo(need.getValue().limit());
    }
  }

  /** A stage of the Dockerfile, from the line that names it to the next. */
  private static String stage(String name) throws IOException {
    return Pattern.compile("(?m)^(?=FROM )")
        .splitAsStream(dockerfile())
        .filter(it -> it.lines().findFirst().orElse("").endsWith(" AS " + name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the Dockerfile has no stage " + name));
  }

  private static String dockerfile() throws IOException {
    return Files.readString(Manifests.ROOT.resolve("Dockerfile"));
  }

  @Test
  void everyMountHasItsVolumeAndTheRootFileSystemIsReadOnly() {
    for (Workload workload : workloads) {
      Container container = workload.container();
      assertThat(container.getVolumeMounts().stream().map(VolumeMount::getName))
          .as("volumes of " + workload.name())
          .containsExactlyInAnyOrderElementsOf(
              workload.pod().getVolumes().stream().map(Volume::getName).toList());
      assertThat(container.getVolumeMounts().stream().map(VolumeMount::getMountPath))
          .as(workload.name())
          .contains("/tmp");
      String cache = workload.environment().get("DJL_CACHE_DIR");
      if (cache != null) {
        assertThat(container.getVolumeMounts().stream().map(VolumeMount::getMountPath))
            .contains(cache);
      }
    }
  }

  @Test
  void podsKeepToTheRestrictedProfileAndSayWhatTheyNeed() {
    for (Workload workload : workloads) {
      var pod = workload.pod();
      var container = workload.container();
      var security = container.getSecurityContext();
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).as(workload.name()).isTrue();
      assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      assertThat(security.getReadOnlyRootFilesystem()).isTrue();
      assertThat(security.getAllowPrivilegeEscalation()).isFalse();
      assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
      assertThat(container.getResources().getLimits()).containsKeys("cpu", "memory");
      assertThat(pod.getEnableServiceLinks()).isFalse();
      assertThat(pod.getAutomountServiceAccountToken()).isFalse();
      assertThat(pod.getTerminationGracePeriodSeconds()).isPositive();
    }
  }

  @Test
  void everyKafkaVariableIsASettingThatABrokerKnows() {
    Set<String> settings = KafkaConfig.configDef().names();
    assertThat(workload("kafka").container().getEnv().stream().map(EnvVar::getName))
        .filteredOn(name -> !name.equals("KAFKA_HEAP_OPTS"))
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(settings)
                    .contains(
                        name.replaceFirst("^KAFKA_", "")
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '.')));
  }
}
