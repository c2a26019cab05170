package dev.drpo.problems.curation;

import java.util.Locale;

/**
 * A problem that does not come along.
 *
 * @param id the problem's
 * @param reason why
 * @param detail what a person needs to look it up, such as the id of the problem that it repeats;
 *     may be empty
 */
public record LeftOut(String id, Reason reason, String detail) {

  /** Why a problem does not come along. */
  public enum Reason {
    EMPTY_PROBLEM("the problem's text is empty"),
    EMPTY_GOLD("there is no right answer"),
    TOO_MANY_GOLDS("there are more right answers than a problem may have"),
    IN_EVALUATION_SET("an evaluation set has the problem, too"),
    DUPLICATE("an earlier problem has the same text and answer"),
    DUPLICATE_WITH_OTHER_GOLD("an earlier problem has the same text and another answer"),
    PROMPT_TOO_LONG("the prompt has too many tokens"),
    PROMPT_REFUSED("the policy's chat template or tokenizer refuses the prompt"),
    NOT_SAMPLED("the sample does not have it"),
    BEYOND_LIMIT("the limit comes before it");

    private final String meaning;

    Reason(String meaning) {
      this.meaning = meaning;
    }

    /** The name that output carries. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For a person. */
    public String meaning() {
      return meaning;
    }
  }
}
