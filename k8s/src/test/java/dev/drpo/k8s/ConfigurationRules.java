package dev.drpo.k8s;

import static dev.drpo.k8s.Rule.unless;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.HeapNeeds;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the pods of our services have to agree on with the run's configuration. */
final class ConfigurationRules {
  private static final Path IN_IMAGES = Path.of("/opt/drpo");

  private ConfigurationRules() {}

  /** The configuration that a service loads in its pod. */
  static RunConfig config(Cluster cluster, Workload workload) throws IOException {
    Path file = Path.of(workload.environment().getOrDefault("DRPO_CONFIG", "/run.yaml"));
    String content =
        workload.container().getVolumeMounts().stream()
            .filter(it -> Path.of(it.getMountPath()).equals(file.getParent()))
            .flatMap(mount -> map(cluster, workload, mount).stream())
            .flatMap(map -> Stream.ofNullable(map.getData().get(file.getFileName().toString())))
            .findFirst()
            .orElseThrow(() -> new ConfigException("no ConfigMap brings " + file));
    Path copy = Files.createTempFile("run", ".yaml");
    try {
      return ConfigLoader.load(Files.writeString(copy, content), workload.environment(), Map.of());
    } finally {
      Files.delete(copy);
    }
  }

  /** The same; empty where it does not load, which the rule {@link #run} tells. */
  static Optional<RunConfig> loaded(Cluster cluster, Workload workload) throws IOException {
    try {
      return Optional.of(config(cluster, workload));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  private static Optional<ConfigMap> map(Cluster cluster, Workload workload, VolumeMount mount) {
    return workload.pod().getVolumes().stream()
        .filter(it -> it.getName().equals(mount.getName()) && it.getConfigMap() != null)
        .findFirst()
        .flatMap(it -> cluster.configMap(it.getConfigMap().getName()));
  }

  /** Every service loads the same run, and finds broker and learner where it is told to look. */
  static Stream<String> run(Cluster cluster) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Workload workload : cluster.services()) {
      try {
        RunConfig config = config(cluster, workload);
        broker(cluster, config.kafka().bootstrapServers()).forEach(problems::add);
        reachable(cluster, config.learner().address(), "grpc").forEach(problems::add);
      } catch (ConfigException e) {
        problems.add(workload.name() + " does not load its run: " + e.getMessage());
      }
      if (!workload.environment().containsKey("DRPO_REPLICA")) {
        problems.add(workload.name() + " does not know its replica's name");
      }
    }
    return problems.stream();
  }

  /** Services that ask callers for a certificate have one to show each other. */
  static Stream<String> certificates(Cluster cluster) throws IOException {
    Map<Boolean, List<String>> asking = new TreeMap<>();
    for (Workload workload : cluster.services()) {
      loaded(cluster, workload)
          .ifPresent(
              it ->
                  asking
                      .computeIfAbsent(it.tls().asksCallers(), _ -> new ArrayList<>())
                      .add(workload.name()));
    }
    return unless(
        asking.size() < 2,
        "%s ask callers for a certificate, and %s do not"
            .formatted(asking.get(true), asking.get(false)));
  }

  /** Every service speaks with the broker in the way that it listens. */
  static Stream<String> protocols(Cluster cluster) throws IOException {
    String heard = BrokerRules.protocol(cluster);
    List<String> problems = new ArrayList<>();
    for (Workload workload : cluster.services()) {
      Optional<RunConfig> loaded = loaded(cluster, workload);
      if (loaded.isPresent()) {
        String spoken = protocol(cluster, workload, loaded.get().kafka().clientProperties());
        unless(
                spoken.equals(heard),
                "%s speaks %s with a broker that hears %s"
                    .formatted(workload.name(), spoken, heard))
            .forEach(problems::add);
      }
    }
    return problems.stream();
  }

  private static String protocol(Cluster cluster, Workload workload, String file)
      throws IOException {
    Properties settings = new Properties();
    if (!file.isEmpty()) {
      Optional<String> content =
          mount(workload, Path.of(file))
              .flatMap(it -> map(cluster, workload, it))
              .flatMap(
                  it ->
                      Optional.ofNullable(
                          it.getData().get(Path.of(file).getFileName().toString())));
      settings.load(new StringReader(content.orElse("")));
    }
    return settings.getProperty("security.protocol", "PLAINTEXT");
  }

  private static Stream<String> broker(Cluster cluster, String address) throws IOException {
    Optional<GenericKubernetesResource> operated = Secrets.broker(cluster);
    if (operated.isEmpty()) {
      return reachable(cluster, address, "kafka");
    }
    String name = operated.get().getMetadata().getName();
    return unless(
        StrictModel.spec(operated.get(), Custom.Kafka.class).kafka().listeners().stream()
            .anyMatch(it -> address.equals(name + "-kafka-bootstrap:" + it.port())),
        "nothing answers at " + address);
  }

  /** The tensor engine's threads of a process, which it has before it knows its run. */
  static Stream<String> threads(Cluster cluster) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Workload workload : cluster.services()) {
      if (workload.name().equals("reward")) {
        continue;
      }
      Optional<RunConfig> loaded = loaded(cluster, workload);
      if (loaded.isEmpty()) {
        continue;
      }
      RunConfig config = loaded.get();
      int threads =
          workload.name().equals("learner")
              ? config.training().threads()
              : config.rollout().threads();
      unless(
              String.valueOf(threads).equals(workload.environment().get("OMP_NUM_THREADS")),
              "OMP_NUM_THREADS of %s is not the %d of its run".formatted(workload.name(), threads))
          .forEach(problems::add);
    }
    return problems.stream();
  }

  private static Stream<String> reachable(Cluster cluster, String address, String port) {
    String[] hostAndPort = address.split(":", 2);
    return unless(
        cluster
            .service(hostAndPort[0])
            .filter(
                service ->
                    service.getSpec().getPorts().stream()
                        .anyMatch(
                            it ->
                                it.getName().equals(port)
                                    && it.getPort().equals(Integer.valueOf(hostAndPort[1]))))
            .isPresent(),
        "nothing answers at " + address);
  }

  /** What is read lies in the image or on a volume, and what is written on one that takes it. */
  static Stream<String> files(Cluster cluster) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Workload workload : cluster.services()) {
      Optional<RunConfig> loaded = loaded(cluster, workload);
      if (loaded.isEmpty()) {
        continue;
      }
      RunConfig config = loaded.get();
      Stream.of(
              config.tls().certificate(),
              config.tls().key(),
              config.tls().trusted(),
              config.kafka().clientProperties(),
              config.callers().tokens())
          .filter(it -> !it.isEmpty())
          .flatMap(it -> readable(workload, Path.of(it)))
          .forEach(problems::add);
      if (workload.name().equals("learner")) {
        unless(
                mount(workload, config.run().directory())
                    .filter(it -> !Boolean.TRUE.equals(it.getReadOnly()))
                    .isPresent(),
                "the learner can't write " + config.run().directory())
            .forEach(problems::add);
        Stream.of(config.data().train(), config.data().heldout(), config.policy().path())
            .flatMap(it -> readable(workload, it))
            .forEach(problems::add);
      } else if (workload.name().equals("rollout")) {
        readable(workload, config.policy().path()).forEach(problems::add);
      }
    }
    return problems.stream();
  }

  private static Stream<String> readable(Workload workload, Path file) {
    boolean inImage =
        file.startsWith(IN_IMAGES)
            && Files.exists(Kustomize.ROOT.resolve(IN_IMAGES.relativize(file)));
    return unless(
        inImage || mount(workload, file).isPresent(),
        workload.name() + " has no " + file + ", neither in its image nor on a volume");
  }

  private static Optional<VolumeMount> mount(Workload workload, Path file) {
    return workload.container().getVolumeMounts().stream()
        .filter(it -> file.startsWith(Path.of(it.getMountPath())))
        .findFirst();
  }

  /**
   * The share of a container's memory that its image gives to the heap holds what the run needs.
   */
  static Stream<String> heaps(Cluster cluster) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Workload workload : cluster.services()) {
      if (workload.name().equals("reward")) {
        continue;
      }
      Optional<RunConfig> loaded = loaded(cluster, workload);
      if (loaded.isEmpty()) {
        continue;
      }
      RunConfig config = loaded.get();
      long needed =
          (workload.name().equals("learner")
                  ? HeapNeeds.learner(config)
                  : HeapNeeds.rollout(config))
              .limit();
      Matcher share =
          Pattern.compile("-XX:MaxRAMPercentage=(\\d+) ")
              .matcher(Dockerfile.stage(workload.name()));
      if (!share.find()
          || workload.memoryLimit() * Integer.parseInt(share.group(1)) / 100 < needed) {
        problems.add("the heap of %s is too small for %d bytes".formatted(workload.name(), needed));
      }
    }
    return problems.stream();
  }
}
