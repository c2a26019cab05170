package dev.drpo.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The metrics that the dashboard and the alert rules name. */
public final class Monitored {
  private static final Path FOLDER =
      Path.of(System.getProperty("drpo.root", "..")).resolve("k8s/components/monitoring");

  private Monitored() {}

  /**
   * Those of a service that are not exposed.
   *
   * @param service learner, rollout or reward
   * @param exposed what it answers at {@code /q/metrics}
   * @throws IllegalStateException if neither names any of the service
   */
  public static List<String> missing(String service, String exposed) throws IOException {
    SortedSet<String> named = new TreeSet<>();
    for (String file : List.of("dashboard.json", "rules.yaml")) {
      Pattern.compile("drpo_" + service + "_[a-z0-9_]+")
          .matcher(Files.readString(FOLDER.resolve(file)))
          .results()
          .forEach(match -> named.add(match.group()));
    }
    if (named.isEmpty()) {
      throw new IllegalStateException("neither dashboard nor rules name a metric of " + service);
    }
    named.removeIf(name -> Pattern.compile("(?m)^" + name + "[ {]").matcher(exposed).find());
    return List.copyOf(named);
  }
}
