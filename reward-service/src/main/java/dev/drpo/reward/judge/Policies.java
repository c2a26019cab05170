package dev.drpo.reward.judge;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One option chosen for every policy. Immutable. */
public final class Policies {
  public static final Policies DEFAULT = new Policies(defaults());

  private final Map<Policy, Policy.Option> chosen;

  private Policies(Map<Policy, Policy.Option> chosen) {
    this.chosen = chosen;
  }

  private static Map<Policy, Policy.Option> defaults() {
    Map<Policy, Policy.Option> defaults = new EnumMap<>(Policy.class);
    for (Policy policy : Policy.values()) {
      defaults.put(policy, policy.options().getFirst());
    }
    return defaults;
  }

  /** Whether {@code option} is the one chosen of its policy. */
  public boolean has(Policy.Option option) {
    return chosen.get(option.policy()) == option;
  }

  /** These policies with one option chosen anew. */
  public Policies with(Policy.Option option) {
    Map<Policy, Policy.Option> changed = new EnumMap<>(chosen);
    changed.put(option.policy(), option);
    return new Policies(changed);
  }

  /**
   * These policies with some chosen anew by name, such as {@code require-think} by {@code false}.
   *
   * @throws IllegalArgumentException if a name or a value is unknown; the message says what is
   *     allowed and is fit for a caller
   */
  public Policies with(Map<String, String> named) {
    Policies policies = this;
    for (Map.Entry<String, String> entry : named.entrySet()) {
      policies = policies.with(option(entry.getKey(), entry.getValue()));
    }
    return policies;
  }

  private static Policy.Option option(String name, String value) {
    Policy policy =
        Policy.named(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "unknown policy '"
                            + name
                            + "'; the policies are "
                            + listed(Arrays.stream(Policy.values()).map(Policy::id).toList())));
    return policy.options().stream()
        .filter(option -> option.id().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "policy "
                        + name
                        + " is '"
                        + value
                        + "'; it must be one of "
                        + listed(policy.options().stream().map(Policy.Option::id).toList())));
  }

  private static String listed(List<String> names) {
    return String.join(", ", names);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Policies policies && chosen.equals(policies.chosen);
  }

  @Override
  public int hashCode() {
    return chosen.hashCode();
  }

  @Override
  public String toString() {
    return chosen.values().stream()
        .map(option -> option.policy().id() + "=" + option.id())
        .collect(Collectors.joining(" "));
  }
}
