package dev.drpo.problems.curation;

import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What two problems are compared by: the text of the user's messages, without the instruction
 * behind it and without what only sets it differently. Compatible characters, upper and lower case,
 * white space, TeX's math delimiters, spacing and sizes, and the full stop at the end make no
 * difference; every other character does.
 */
public final class ProblemText {
  /**
   * What TeX shows nothing for. A double backslash is a line's end and taken first, so that the
   * bracket behind it opens no formula.
   */
  private static final Pattern TYPESETTING =
      Pattern.compile(
          "(\\\\\\\\)|\\\\[,;:! ()\\[\\]]|\\\\?\\$"
              + "|\\\\(?:left|right|displaystyle|quad|qquad|bigl?|bigr|limits)(?![a-z])|~|\\s+");

  private static final Pattern FRACTION = Pattern.compile("\\\\[dt]frac(?![a-z])");

  private static final Pattern END = Pattern.compile("[.?:]+$");

  private final List<String> instructions;

  /**
   * Compares without the {@linkplain Instruction well-known instructions}.
   *
   * @param further instructions of the data at hand
   */
  public ProblemText(List<String> further) {
    List<String> all = new ArrayList<>(Instruction.texts());
    all.addAll(further);
    this.instructions = List.copyOf(all);
  }

  /** What the problem is compared by; empty if nothing but an instruction is asked. */
  public String of(Problem problem) {
    return normalised(
        problem.messages().stream()
            .filter(message -> message.role().equals("user"))
            .map(ChatMessage::content)
            .map(this::withoutInstruction)
            .collect(Collectors.joining("\n")));
  }

  private String withoutInstruction(String text) {
    String rest = text.strip();
    for (String instruction : instructions) {
      if (!instruction.isBlank() && rest.endsWith(instruction.strip())) {
        rest = rest.substring(0, rest.length() - instruction.strip().length()).strip();
      }
    }
    return rest;
  }

  /** A text without what only sets it differently. */
  static String normalised(String text) {
    String letters = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    String quotes =
        letters.replace('’', '\'').replace('‘', '\'').replace('“', '"').replace('”', '"');
    String fractions = FRACTION.matcher(quotes).replaceAll("\\\\frac");
    String bare =
        TYPESETTING
            .matcher(fractions)
            .replaceAll(found -> found.group(1) == null ? "" : "\\\\\\\\");
    return END.matcher(bare).replaceAll("");
  }
}
