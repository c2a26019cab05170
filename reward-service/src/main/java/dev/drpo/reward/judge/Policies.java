package dev.drpo.reward.judge;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What counts as equal where mathematicians' habits differ. The defaults suit training on the
 * public math sets.
 *
 * @param think whether a response must close its reasoning with {@code </think>}
 * @param decimals whether a decimal may stand for the exact number that it is rounded from
 * @param percent whether a percentage equals a bare number
 * @param currency whether an amount of money equals a bare number
 */
public record Policies(Think think, Decimals decimals, Percent percent, Currency currency) {

  public static final Policies DEFAULT =
      new Policies(Think.REQUIRED, Decimals.ROUNDED, Percent.LENIENT, Currency.OPTIONAL);

  public enum Think {
    /** A response without {@code </think>} has no answer. */
    REQUIRED,
    /** A response that never reasons aloud is all answer. */
    OPTIONAL
  }

  public enum Decimals {
    /** A decimal of at least 6 significant digits equals the exact numbers that round to it. */
    ROUNDED,
    /** A decimal equals only its own value. */
    EXACT
  }

  public enum Percent {
    /** {@code 5\%} equals {@code 0.05}, and {@code 5}, since the question names the unit. */
    LENIENT,
    /** A percentage equals percentages only. */
    TYPED
  }

  public enum Currency {
    /** {@code \$5} equals {@code 5}. */
    OPTIONAL,
    /** Money equals money only. */
    REQUIRED
  }

  /**
   * These policies with some replaced by name, such as {@code require-think} by {@code false}.
   *
   * @throws IllegalArgumentException if a name or a value is unknown; the message says what is
   *     allowed and is fit for a caller
   */
  public Policies with(Map<String, String> named) {
    Policies policies = this;
    for (Map.Entry<String, String> entry : named.entrySet()) {
      policies = policies.with(entry.getKey(), entry.getValue());
    }
    return policies;
  }

  private Policies with(String name, String value) {
    return switch (name) {
      case "require-think" -> new Policies(requireThink(value), decimals, percent, currency);
      case "decimals" ->
          new Policies(think, choice(Decimals.class, name, value), percent, currency);
      case "percent" -> new Policies(think, decimals, choice(Percent.class, name, value), currency);
      case "currency" ->
          new Policies(think, decimals, percent, choice(Currency.class, name, value));
      default ->
          throw new IllegalArgumentException(
              "unknown policy '"
                  + name
                  + "'; the policies are require-think, decimals, percent and currency");
    };
  }

  private static Think requireThink(String value) {
    return switch (value) {
      case "true" -> Think.REQUIRED;
      case "false" -> Think.OPTIONAL;
      default ->
          throw new IllegalArgumentException(
              "policy require-think is '" + value + "'; it must be true or false");
    };
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String name, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(choice -> text(choice).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "policy "
                        + name
                        + " is '"
                        + value
                        + "'; it must be one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(Policies::text)
                            .collect(Collectors.joining(", "))));
  }

  private static String text(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
