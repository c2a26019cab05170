package dev.drpo.judge.selftest;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.verdict.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A gold and an answer with the verdict that they deserve.
 *
 * @param oneWay whether the verdict only holds for this gold and this answer
 * @param reason what the pair shows
 */
public record LabelledPair(
    Outcome verdict,
    boolean oneWay,
    String gold,
    String answer,
    Conventions conventions,
    String reason) {
  private static final int COLUMNS = 5;

  /**
   * The pair of a line of tab-separated columns.
   *
   * @throws IllegalArgumentException if the line is no pair; the message quotes it
   */
  static LabelledPair parse(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException(
          "a labelled pair has " + COLUMNS + " columns; this line has others: " + line);
    }
    Map<String, String> named = new LinkedHashMap<>();
    for (String convention : columns[3].isEmpty() ? new String[0] : columns[3].split(" ", -1)) {
      String[] parts = convention.split("=", 2);
      named.put(parts[0], parts[1]);
    }
    return new LabelledPair(
        Outcome.valueOf(columns[0].replace(">", "")),
        columns[0].endsWith(">"),
        columns[1],
        columns[2],
        Conventions.DEFAULT.with(named),
        columns[4]);
  }
}
