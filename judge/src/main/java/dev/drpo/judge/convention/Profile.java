package dev.drpo.judge.convention;

import dev.drpo.judge.convention.Convention.Option;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Named sets of conventions, for whoever moves from another grader or wants no leniency. */
public enum Profile {
  STRICT("strict", "what is written is what is meant: units, percent signs and names count"),
  DEFAULT("default", "what suits training on the public math sets"),
  /** As Math-Verify, by Hugging Face, takes answers. */
  MATH_VERIFY(
      "math-verify", "as Math-Verify: a formula anywhere answers, several boxes are a list"),
  /** As the reward function of DeepScaleR takes answers. */
  DEEPSCALER(
      "deepscaler", "as DeepScaleR: lists in order, fractions in lowest terms, decimals exact");

  /** The key beside those of conventions that names a profile. */
  public static final String KEY = "profile";

  private final String id;
  private final String meaning;

  Profile(String id, String meaning) {
    this.id = id;
    this.meaning = meaning;
  }

  /** The name in requests, such as {@code math-verify}. */
  public String id() {
    return id;
  }

  /** What the profile is for, for a person. */
  public String meaning() {
    return meaning;
  }

  /** What differs from the defaults. */
  public List<Option> options() {
    return switch (this) {
      case STRICT ->
          List.of(
              Option.PERCENT_TYPED,
              Option.UNITS_REQUIRED,
              Option.CURRENCY_REQUIRED,
              Option.ASSIGNMENTS_TYPED,
              Option.DECIMALS_EXACT,
              Option.LETTERS_EXACT,
              Option.BOXES_ONE);
      case DEFAULT -> List.of();
      case MATH_VERIFY ->
          List.of(Option.THINK_OPTIONAL, Option.EXTRACTION_FORMULA, Option.BOXES_ALL);
      case DEEPSCALER ->
          List.of(
              Option.ORDER_STRICT,
              Option.FRACTIONS_REDUCED,
              Option.DECIMALS_EXACT,
              Option.BASES_OPTIONAL);
    };
  }

  /** The conventions of this profile. */
  public Conventions conventions() {
    Conventions conventions = Conventions.DEFAULT;
    for (Option option : options()) {
      conventions = conventions.with(option);
    }
    return conventions;
  }

  static Optional<Profile> named(String id) {
    return Arrays.stream(values()).filter(profile -> profile.id.equals(id)).findFirst();
  }
}
