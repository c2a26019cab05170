package dev.drpo.k8s;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Secrets that operators make, since none stands in the manifests. */
final class Secrets {
  private Secrets() {}

  /** Their names. */
  static Set<String> madeFor(Cluster cluster) {
    Set<String> names = new TreeSet<>();
    for (GenericKubernetesResource it : cluster.all(GenericKubernetesResource.class)) {
      String name = it.getMetadata().getName();
      switch (it.getKind()) {
        case "Certificate" -> names.add(certificate(it).secretName());
        case "Kafka" -> names.add(name + "-cluster-ca-cert");
        case "KafkaUser" -> names.add(name);
        default -> {}
      }
    }
    return names;
  }

  /** What Strimzi makes the broker of, if it does. */
  static Optional<GenericKubernetesResource> broker(Cluster cluster) {
    return cluster.all(GenericKubernetesResource.class).stream()
        .filter(it -> it.getKind().equals("Kafka"))
        .findFirst();
  }

  /** A certificate that cert-manager makes is for the name by which a service is called. */
  static Stream<String> names(Cluster cluster) {
    Set<String> mounted =
        cluster.workloads().stream()
            .flatMap(it -> it.pod().getVolumes().stream())
            .filter(it -> it.getSecret() != null)
            .map(it -> it.getSecret().getSecretName())
            .collect(Collectors.toSet());
    return Stream.concat(
        certificates(cluster)
            .filter(it -> mounted.contains(it.secretName()))
            .flatMap(Secrets::ofService),
        certificates(cluster)
            .filter(it -> !it.isCA() && !mounted.contains(it.secretName()))
            .flatMap(
                it ->
                    Rule.unless(
                        it.usages().contains("client auth") && !it.usages().contains("server auth"),
                        "the certificate %s, which no service mounts, is not a caller's alone"
                            .formatted(it.secretName()))));
  }

  private static Stream<String> ofService(Custom.Certificate certificate) {
    String service = certificate.secretName().replaceFirst("-tls$", "");
    return Stream.concat(
        Rule.unless(
            certificate.dnsNames().containsAll(List.of(service, service + ".drpo.svc")),
            "the certificate %s is not for the name %s"
                .formatted(certificate.secretName(), service)),
        Rule.unless(
            certificate.usages().containsAll(List.of("server auth", "client auth"))
                && certificate.privateKey().encoding().equals("PKCS8"),
            "the certificate %s can't be shown by both sides, or its key be read"
                .formatted(certificate.secretName())));
  }

  private static Stream<Custom.Certificate> certificates(Cluster cluster) {
    return cluster.all(GenericKubernetesResource.class).stream()
        .filter(it -> it.getKind().equals("Certificate"))
        .map(Secrets::certificate);
  }

  private static Custom.Certificate certificate(GenericKubernetesResource resource) {
    try {
      return StrictModel.spec(resource, Custom.Certificate.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
