package dev.drpo.cli.judge;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.judge.convention.Conventions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The conventions that the command line chooses; the rest are the defaults. */
public final class ConventionChoices {
  @Option(
      names = "--convention",
      paramLabel = "KEY=VALUE",
      description =
          "Choose a convention, such as percent=typed, or several, such as profile=math-verify;"
              + " may be repeated. drpo judge --conventions lists them.")
  private List<String> choices = List.of();

  /**
   * The default conventions with the choices applied.
   *
   * @throws UsageError if there is no such convention, or no such choice
   */
  public Conventions conventions() {
    Map<String, String> named = new LinkedHashMap<>();
    for (String choice : choices) {
      int equals = choice.indexOf('=');
      if (equals < 1) {
        throw new UsageError("--convention is '" + choice + "'; it must look like percent=typed");
      }
      String key = choice.substring(0, equals);
      String value = choice.substring(equals + 1);
      String earlier = named.putIfAbsent(key, value);
      if (earlier != null && !earlier.equals(value)) {
        throw new UsageError(
            "--convention %s is given as %s and as %s; give it once"
                .formatted(key, earlier, value));
      }
    }
    try {
      return Conventions.DEFAULT.with(named);
    } catch (IllegalArgumentException e) {
      throw new UsageError(e.getMessage() + "; ./drpo judge --conventions explains them");
    }
  }
}
