package dev.drpo.cli.judge;

import dev.drpo.judge.selftest.SelfTest.Result;
import dev.drpo.judge.selftest.SelfTest.Score;
import java.util.ArrayList;
import java.util.List;

/** What a self-test came to, form by form, as a table of Markdown. */
final class SelfTestTable {
  private static final String ROW = "| %s | %s | %s | %s |";

  private SelfTestTable() {}

  static List<String> lines(List<Result> results) {
    List<String> lines = new ArrayList<>();
    lines.add(ROW.formatted("form", "equal", "unequal", "refused"));
    lines.add("|---|---|---|---|");
    results.forEach(result -> lines.add(row(result.form(), result)));
    results.stream().reduce(Result::plus).ifPresent(all -> lines.add(row("all", all)));
    for (Result result : results) {
      result.wrong().forEach(wrong -> lines.add(result.form() + ": " + wrong));
    }
    return lines;
  }

  private static String row(String name, Result result) {
    return ROW.formatted(
        name, cell(result.equal()), cell(result.unequal()), cell(result.refused()));
  }

  private static String cell(Score score) {
    return score.all() == 0 ? "" : score.right() + " of " + score.all();
  }
}
