package dev.drpo.evaluation;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Judged samples as tests need them. */
final class Samples {
  static final SampleJudge JUDGE = new SampleJudge(new Judge(Limits.DEFAULT), Conventions.DEFAULT);

  private Samples() {}

  /** A problem with so many right samples of so many. */
  static JudgedProblem problem(int right, int of) {
    List<JudgedSample> samples = new ArrayList<>();
    samples.addAll(Collections.nCopies(right, sample(true, "1", 10, false)));
    samples.addAll(Collections.nCopies(of - right, sample(false, "2", 20, false)));
    return new JudgedProblem("p", samples);
  }

  static JudgedSample sample(boolean right, String answer, int length, boolean truncated) {
    return new JudgedSample(
        right ? Outcome.EQUAL : Outcome.NOT_EQUAL,
        right ? Rule.EQUAL_NUMBERS : Rule.DIFFERENT_NUMBERS,
        answer,
        length,
        truncated);
  }

  /** Samples with these answers, of which those that equal the gold are right. */
  static List<JudgedSample> answers(String gold, String... answers) {
    List<JudgedSample> samples = new ArrayList<>();
    for (String answer : answers) {
      samples.add(
          JUDGE.judge(
              answer.isEmpty() ? "</think> none" : "</think> \\boxed{" + answer + "}",
              List.of(gold),
              1,
              false));
    }
    return samples;
  }
}
