package dev.drpo.judge.convention;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A matter on which mathematicians' habits differ; see each {@link Option} for the choices. */
public enum Convention {
  REQUIRE_THINK("require-think"),
  PERCENT("percent"),
  UNITS("units"),
  CURRENCY("currency"),
  ASSIGNMENTS("assignments"),
  DECIMALS("decimals"),
  FRACTIONS("fractions"),
  BASES("bases"),
  ORDER("order"),
  LETTERS("letters"),
  BOXES("boxes"),
  ALTERNATIVES("alternatives"),
  REASONING("reasoning"),
  EXTRACTION("extraction");

  private final String id;

  Convention(String id) {
    this.id = id;
  }

  /** The name in requests, such as {@code require-think}. */
  public String id() {
    return id;
  }

  /** What can be chosen; the first is the default, which suits training on public math sets. */
  public List<Option> options() {
    return Arrays.stream(Option.values()).filter(option -> option.convention == this).toList();
  }

  static Optional<Convention> named(String id) {
    return Arrays.stream(values()).filter(convention -> convention.id.equals(id)).findFirst();
  }

  /** A choice that a convention offers. Of each convention, the default stands first. */
  public enum Option {
    THINK_REQUIRED(REQUIRE_THINK, "true", "a response without </think> has no answer"),
    THINK_OPTIONAL(REQUIRE_THINK, "false", "a response that never reasons aloud is all answer"),

    PERCENT_LENIENT(PERCENT, "lenient", "5% equals 0.05, and 5, since the question names the unit"),
    PERCENT_TYPED(PERCENT, "typed", "a percentage equals percentages only"),

    UNITS_OPTIONAL(UNITS, "optional", "5 cm equals 5"),
    UNITS_REQUIRED(UNITS, "required", "5 cm equals lengths only"),

    CURRENCY_OPTIONAL(CURRENCY, "optional", "$5 equals 5"),
    CURRENCY_REQUIRED(CURRENCY, "required", "$5 equals amounts of money only"),

    ASSIGNMENTS_ACCEPTED(ASSIGNMENTS, "accepted", "x=5 equals 5"),
    ASSIGNMENTS_TYPED(ASSIGNMENTS, "typed", "x=5 equals equations only"),

    DECIMALS_ROUNDED(
        DECIMALS,
        "rounded",
        "1/3 accepts 0.333333 (6 significant digits or more), and a gold of 0.33 accepts 1/3"),
    DECIMALS_EXACT(DECIMALS, "exact", "a decimal equals its own value only"),

    FRACTIONS_ANY(FRACTIONS, "any", "2/4 equals 1/2"),
    FRACTIONS_REDUCED(FRACTIONS, "reduced", "a fraction of integers must be in lowest terms"),

    BASES_REQUIRED(BASES, "required", "43_5 equals numerals in base 5 only"),
    BASES_OPTIONAL(BASES, "optional", "43_5 equals the bare digits 43"),

    ORDER_BY_KIND(ORDER, "by-kind", "order matters in tuples and matrices, not in lists and sets"),
    ORDER_STRICT(ORDER, "strict", "order matters in lists and sets too"),

    LETTERS_IGNORE_CASE(LETTERS, "ignore-case", "words and choice letters in any case"),
    LETTERS_EXACT(LETTERS, "exact", "words and choice letters as written"),

    BOXES_LAST(BOXES, "last", "of several boxes the last counts"),
    BOXES_ALL(BOXES, "all", "several boxes together are a list"),
    BOXES_ONE(BOXES, "one", "several boxes that differ are no answer"),

    ALTERNATIVES_LIST(ALTERNATIVES, "list", "'5 or 6' is a list, so it does not equal 5"),
    ALTERNATIVES_ANY(ALTERNATIVES, "any", "'5 or 6' equals 5"),

    REASONING_THINK(REASONING, "think", "reasoning stands in <think> </think>"),
    REASONING_ANY(
        REASONING,
        "any-tag",
        "reasoning also stands in <thinking>, <thought>, <reasoning>, <reflection> and"
            + " <|begin_of_thought|>"),

    EXTRACTION_BOXED(EXTRACTION, "boxed", "the answer stands in a box"),
    EXTRACTION_HASHES(EXTRACTION, "hashes", "without a box, what follows the last #### counts"),
    EXTRACTION_FORMULA(
        EXTRACTION,
        "last-formula",
        "without a box and ####, the last formula counts: $5$, \\(5\\) or \\[5\\]");

    private final Convention convention;
    private final String id;
    private final String meaning;

    Option(Convention convention, String id, String meaning) {
      this.convention = convention;
      this.id = id;
      this.meaning = meaning;
    }

    public Convention convention() {
      return convention;
    }

    /** The value in requests, such as {@code lenient}. */
    public String id() {
      return id;
    }

    /** What the choice means, by example, for a person. */
    public String meaning() {
      return meaning;
    }
  }
}
