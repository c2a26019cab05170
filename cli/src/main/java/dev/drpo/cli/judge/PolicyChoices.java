package dev.drpo.cli.judge;

import dev.drpo.cli.UsageError;
import dev.drpo.reward.judge.Policies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The policies that the command line chooses; the rest are the defaults. */
final class PolicyChoices {
  @Option(
      names = "--policy",
      paramLabel = "KEY=VALUE",
      description = "Chooses a policy, such as percent=typed; may be repeated. See --policies.")
  private List<String> choices = List.of();

  /** The default policies with the choices applied. */
  Policies policies() {
    Map<String, String> named = new LinkedHashMap<>();
    for (String choice : choices) {
      int equals = choice.indexOf('=');
      if (equals < 1) {
        throw new UsageError("--policy is '" + choice + "'; it must look like percent=typed");
      }
      String key = choice.substring(0, equals);
      String value = choice.substring(equals + 1);
      String earlier = named.putIfAbsent(key, value);
      if (earlier != null && !earlier.equals(value)) {
        throw new UsageError(
            "--policy %s is given as %s and as %s; give it once".formatted(key, earlier, value));
      }
    }
    try {
      return Policies.DEFAULT.with(named);
    } catch (IllegalArgumentException e) {
      throw new UsageError(e.getMessage() + "; ./drpo judge --policies explains them");
    }
  }
}
