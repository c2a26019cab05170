package dev.drpo.judge.selftest;

import dev.drpo.judge.Judge;
import dev.drpo.judge.verdict.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Judges every labelled pair in every direction that its label holds for. */
public final class SelfTest {
  private final Judge judge;

  public SelfTest(Judge judge) {
    this.judge = judge;
  }

  /** Judgements that came out as labelled, of all. */
  public record Score(int right, int all) {
    static final Score NONE = new Score(0, 0);

    Score with(boolean correct) {
      return new Score(right + (correct ? 1 : 0), all + 1);
    }

    Score plus(Score other) {
      return new Score(right + other.right, all + other.all);
    }
  }

  /**
   * What the pairs of a form came to.
   *
   * @param equal those labelled equal
   * @param unequal those labelled unequal
   * @param refused those whose label is neither: unreadable, too much to compute, without value
   * @param wrong judgements that came out otherwise, for a person
   */
  public record Result(String form, Score equal, Score unequal, Score refused, List<String> wrong) {
    public Result {
      wrong = List.copyOf(wrong);
    }

    /** This result and another as one, under this one's name. */
    public Result plus(Result other) {
      List<String> both = new ArrayList<>(wrong);
      both.addAll(other.wrong);
      return new Result(
          form,
          equal.plus(other.equal),
          unequal.plus(other.unequal),
          refused.plus(other.refused),
          both);
    }
  }

  /** The results of all forms, in their order. */
  public List<Result> run() {
    return LabelledSet.forms().stream().map(this::run).toList();
  }

  private Result run(String form) {
    Result result = new Result(form, Score.NONE, Score.NONE, Score.NONE, List.of());
    for (LabelledPair pair : LabelledSet.pairs(form)) {
      result = result.plus(judged(form, pair, pair.gold(), pair.answer()));
      if (!pair.oneWay()) {
        result = result.plus(judged(form, pair, pair.answer(), pair.gold()));
      }
    }
    return result;
  }

  private Result judged(String form, LabelledPair pair, String gold, String answer) {
    Outcome outcome = Outcome.of(judge.compare(gold, answer, pair.conventions()));
    boolean correct = outcome == pair.verdict();
    Score score = Score.NONE.with(correct);
    List<String> wrong =
        correct
            ? List.of()
            : List.of("%s, but %s: %s against %s".formatted(pair.verdict(), outcome, gold, answer));
    return switch (pair.verdict()) {
      case EQUAL -> new Result(form, score, Score.NONE, Score.NONE, wrong);
      case NOT_EQUAL -> new Result(form, Score.NONE, score, Score.NONE, wrong);
      default -> new Result(form, Score.NONE, Score.NONE, score, wrong);
    };
  }
}
