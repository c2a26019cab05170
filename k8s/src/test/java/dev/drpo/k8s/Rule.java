package dev.drpo.k8s;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Something that holds of every kustomization. Rules know the manifests alone, not each other. */
@FunctionalInterface
interface Rule {
  List<Rule> ALL =
      List.of(
          PodRules::selectors,
          PodRules::volumes,
          PodRules::security,
          PodRules::resources,
          WorkloadRules::updates,
          WorkloadRules::replacements,
          WorkloadRules::failures,
          WorkloadRules::queues,
          ServiceRules::services,
          ServiceRules::statefulSets,
          ServiceRules::budgets,
          ServiceRules::monitors,
          ApplicationRules::ports,
          ApplicationRules::probes,
          ApplicationRules::images,
          ConfigurationRules::run,
          ConfigurationRules::certificates,
          ConfigurationRules::protocols,
          ConfigurationRules::threads,
          ConfigurationRules::files,
          ConfigurationRules::heaps,
          Secrets::names,
          BrokerRules::version,
          BrokerRules::operated,
          BrokerRules::settings,
          ScalerRules::scalers,
          NetworkRules::edges);

  /** What is wrong, each as a sentence that names its place. */
  Stream<String> problems(Cluster cluster) throws IOException;

  /** What any rule finds. */
  static List<String> check(Cluster cluster) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Rule rule : ALL) {
      rule.problems(cluster).forEach(problems::add);
    }
    return problems;
  }

  /** One problem unless something holds. */
  static Stream<String> unless(boolean holds, String problem) {
    return holds ? Stream.empty() : Stream.of(problem);
  }
}
