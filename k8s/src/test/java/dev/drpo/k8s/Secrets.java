package dev.drpo.k8s;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
    return certificates(cluster)
        .filter(it -> !it.isCA())
        .flatMap(
            it -> {
              String service = it.secretName().replaceFirst("-tls$", "");
              return Stream.concat(
                  Rule.unless(
                      it.dnsNames().containsAll(List.of(service, service + ".drpo.svc")),
                      "the certificate %s is not for the name %s"
                          .formatted(it.secretName(), service)),
                  Rule.unless(
                      it.usages().containsAll(List.of("server auth", "client auth"))
                          && it.privateKey().encoding().equals("PKCS8"),
                      "the certificate %s can't be shown by both sides, or its key be read"
                          .formatted(it.secretName())));
            });
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
