package dev.drpo.problems.inspection;

import java.util.Locale;

/**
 * Something wrong with a data set.
 *
 * @param kind what
 * @param id of the problem; empty if the file as a whole is meant
 * @param detail for a person
 */
public record Finding(Kind kind, String id, String detail) {

  /** What is wrong. */
  public enum Kind {
    /** The file can't be read as problems. */
    MALFORMED,
    DUPLICATE,
    DUPLICATE_WITH_OTHER_GOLD,
    /** Only a response with the very same text can be right. */
    UNREADABLE_GOLD,
    /** No response can be right: {@code \frac{1}{0}}. */
    GOLD_WITHOUT_VALUE,
    /** The judge reads no gold of this length. */
    GOLD_TOO_LONG,
    PROMPT_TOO_LONG,
    /** The policy's chat template or tokenizer refuses the prompt. */
    PROMPT_REFUSED;

    /** The name that output carries. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
