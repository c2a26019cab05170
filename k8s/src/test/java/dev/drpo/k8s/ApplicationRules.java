package dev.drpo.k8s;

import static dev.drpo.k8s.Rule.unless;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the pods of our services have to agree on with the applications in them. */
final class ApplicationRules {
  /** The project's version, which images are tagged with. */
  static final String VERSION = System.getProperty("project.version");

  private ApplicationRules() {}

  /** What the services share, and over it what the application sets itself. */
  static Properties properties(Workload workload) throws IOException {
    Properties properties = new Properties();
    for (Path file :
        List.of(
            Path.of("service-kit/src/main/resources/META-INF/microprofile-config.properties"),
            Path.of(workload.module(), "src/main/resources/application.properties"))) {
      try (Reader reader = Files.newBufferedReader(Kustomize.ROOT.resolve(file))) {
        properties.load(reader);
      }
    }
    return properties;
  }

  private static Map<String, Integer> ports(Workload workload) throws IOException {
    Properties properties = properties(workload);
    Map<String, Integer> ports = new TreeMap<>();
    ports.put("http", Integer.valueOf(properties.getProperty("quarkus.http.port", "8080")));
    ports.put("grpc", Integer.valueOf(properties.getProperty("quarkus.grpc.server.port", "9000")));
    if (workload.environment().containsKey("DRPO_TLS_CERTIFICATE")) {
      ports.put("https", Integer.valueOf(properties.getProperty("quarkus.http.ssl-port", "8443")));
    }
    return ports;
  }

  static Stream<String> ports(Cluster cluster) throws IOException {
    Stream<String> problems = Stream.empty();
    for (Workload workload : cluster.services()) {
      Map<String, Integer> ports = ports(workload);
      Map<String, Integer> opened =
          workload.container().getPorts().stream()
              .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
      Map<String, Integer> served =
          cluster.service(workload.name()).stream()
              .flatMap(it -> it.getSpec().getPorts().stream())
              .collect(Collectors.toMap(ServicePort::getName, ServicePort::getPort));
      problems =
          Stream.of(
                  problems,
                  unless(
                      opened.equals(ports),
                      "%s opens %s, and its application %s"
                          .formatted(workload.name(), opened, ports)),
                  unless(
                      served.equals(ports),
                      "the service %s has %s, and the application %s"
                          .formatted(workload.name(), served, ports)))
              .flatMap(it -> it);
    }
    return problems;
  }

  static Stream<String> probes(Cluster cluster) throws IOException {
    Stream<String> problems = Stream.empty();
    for (Workload workload : cluster.services()) {
      int port = ports(workload).get("http");
      problems =
          Stream.of(
                  problems,
                  probe(
                      workload, workload.container().getStartupProbe(), "/q/health/started", port),
                  probe(
                      workload, workload.container().getReadinessProbe(), "/q/health/ready", port),
                  probe(workload, workload.container().getLivenessProbe(), "/q/health/live", port))
              .flatMap(it -> it);
    }
    return problems;
  }

  private static Stream<String> probe(Workload workload, Probe probe, String path, int port) {
    return unless(
        probe != null
            && probe.getHttpGet() != null
            && path.equals(probe.getHttpGet().getPath())
            && workload.port(probe.getHttpGet().getPort()).filter(it -> it == port).isPresent(),
        "no probe of %s asks %s on its application's port".formatted(workload.name(), path));
  }

  /** One fixed tag: the version, and for GPUs or as a native binary the same with a word. */
  static Stream<String> images(Cluster cluster) {
    return cluster.services().stream()
        .flatMap(
            it -> {
              boolean gpu = it.limits().containsKey("nvidia.com/gpu");
              String tag = gpu ? VERSION + "-cuda" : VERSION;
              boolean binary =
                  it.name().equals("reward") && it.imageTag().equals(VERSION + "-native");
              return Stream.of(
                      unless(
                          it.imageTag().equals(tag) || binary,
                          "the image of %s is %s, and the project's version asks for the tag %s"
                              .formatted(it.name(), it.container().getImage(), tag)),
                      unless(
                          it.module().equals(it.name() + "-service"),
                          it.name() + " runs " + it.module()))
                  .flatMap(problem -> problem);
            });
  }
}
