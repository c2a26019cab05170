package dev.drpo.judge.convention;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One option chosen for every convention. Immutable. */
public final class Conventions {
  public static final Conventions DEFAULT = new Conventions(defaults());

  private final Map<Convention, Convention.Option> chosen;

  private Conventions(Map<Convention, Convention.Option> chosen) {
    this.chosen = chosen;
  }

  private static Map<Convention, Convention.Option> defaults() {
    Map<Convention, Convention.Option> defaults = new EnumMap<>(Convention.class);
    for (Convention convention : Convention.values()) {
      defaults.put(convention, convention.options().getFirst());
    }
    return defaults;
  }

  /** Whether {@code option} is the one chosen of its convention. */
  public boolean has(Convention.Option option) {
    return chosen.get(option.convention()) == option;
  }

  /** These conventions with one option chosen anew. */
  public Conventions with(Convention.Option option) {
    Map<Convention, Convention.Option> changed = new EnumMap<>(chosen);
    changed.put(option.convention(), option);
    return new Conventions(changed);
  }

  /**
   * These conventions with some chosen anew by name, such as {@code require-think} by {@code
   * false}. The name {@code profile} takes those of a {@link Profile} first, wherever it stands.
   *
   * @throws IllegalArgumentException if a name or a value is unknown; the message says what is
   *     allowed and is fit for a caller
   */
  public Conventions with(Map<String, String> named) {
    String profile = named.get(Profile.KEY);
    Conventions conventions = profile == null ? this : profile(profile).conventions();
    for (Map.Entry<String, String> entry : named.entrySet()) {
      if (!entry.getKey().equals(Profile.KEY)) {
        conventions = conventions.with(option(entry.getKey(), entry.getValue()));
      }
    }
    return conventions;
  }

  /** The options that are no defaults, by the names that {@link #with(Map)} takes. */
  public Map<String, String> changes() {
    Map<String, String> changes = new LinkedHashMap<>();
    chosen.forEach(
        (convention, option) -> {
          if (!DEFAULT.has(option)) {
            changes.put(convention.id(), option.id());
          }
        });
    return changes;
  }

  private static Profile profile(String id) {
    return Profile.named(id)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "profile is '"
                        + id
                        + "'; it must be one of "
                        + listed(Arrays.stream(Profile.values()).map(Profile::id).toList())));
  }

  private static Convention.Option option(String name, String value) {
    Convention convention =
        Convention.named(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "unknown convention '"
                            + name
                            + "'; the conventions are "
                            + listed(
                                Arrays.stream(Convention.values()).map(Convention::id).toList())));
    return convention.options().stream()
        .filter(option -> option.id().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "convention "
                        + name
                        + " is '"
                        + value
                        + "'; it must be one of "
                        + listed(
                            convention.options().stream().map(Convention.Option::id).toList())));
  }

  private static String listed(List<String> names) {
    return String.join(", ", names);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Conventions conventions && chosen.equals(conventions.chosen);
  }

  @Override
  public int hashCode() {
    return chosen.hashCode();
  }

  @Override
  public String toString() {
    return chosen.values().stream()
        .map(option -> option.convention().id() + "=" + option.id())
        .collect(Collectors.joining(" "));
  }
}
