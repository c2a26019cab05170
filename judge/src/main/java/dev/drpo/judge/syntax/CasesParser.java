package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.NumberSet;
import dev.drpo.judge.answer.Answer.Piecewise;
import dev.drpo.judge.answer.Answer.SetOperation;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads what a large brace joins: the pieces of a function, or the equations of a system. */
final class CasesParser {
  static final String ENVIRONMENT = "cases";
  private static final Set<String> IF = Set.of("if", "for", "when", "where", "as");
  private static final Set<String> OTHERWISE = Set.of("otherwise", "else");

  private final Cursor cursor;
  private final AnswerParser answers;

  CasesParser(Cursor cursor, AnswerParser answers) {
    this.cursor = cursor;
    this.answers = answers;
  }

  Answer read() {
    cursor.expect(Kind.BEGIN);
    List<Answer> values = new ArrayList<>();
    List<Answer> conditions = new ArrayList<>();
    do {
      if (cursor.at(Kind.END_ENVIRONMENT)) {
        break;
      }
      values.add(answers.element());
      punctuation();
      if (cursor.accept(Kind.NEXT_CELL) || IF.contains(word()) || OTHERWISE.contains(word())) {
        conditions.add(condition(conditions));
        punctuation();
      }
    } while (cursor.accept(Kind.NEXT_ROW));
    boolean closed = cursor.expect(Kind.END_ENVIRONMENT).text().equals(ENVIRONMENT);
    boolean complete = conditions.isEmpty() || conditions.size() == values.size();
    if (!closed || !complete || values.isEmpty()) {
      throw cursor.unreadable();
    }
    return conditions.isEmpty() ? new Listing(values) : new Piecewise(values, conditions);
  }

  private String word() {
    return cursor.peek().isLetters() ? cursor.peek().text().toLowerCase(Locale.ROOT) : "";
  }

  private void punctuation() {
    if (cursor.at(Kind.COMMA) || cursor.at(Kind.SEMICOLON) || cursor.at(Kind.DOT)) {
      cursor.take();
    }
  }

  /** A condition; "otherwise" is what no condition before says. */
  private Answer condition(List<Answer> before) {
    if (OTHERWISE.contains(word())) {
      cursor.take();
      if (before.isEmpty()) {
        throw cursor.unreadable();
      }
      Answer any =
          before.stream()
              .reduce((left, right) -> new Combination(SetOperation.UNION, left, right))
              .orElseThrow();
      return new Combination(SetOperation.DIFFERENCE, new NumberSet("R"), any);
    }
    if (IF.contains(word())) {
      cursor.take();
    }
    List<Answer> all = answers.elements(new HashSet<>());
    return all.size() == 1 ? all.getFirst() : new Listing(all);
  }
}
