package dev.drpo.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.identity.Agreement;
import dev.drpo.judge.verdict.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The benchmarks measure the work that they name, and not a refusal. */
class AnswerPairTest {

  @ParameterizedTest
  @EnumSource
  void bothSpellingsAreScalarsAndWrittenDifferently(AnswerPair pair) {
    assertThat(pair.goldExpression()).isNotEqualTo(pair.answerExpression());
  }

  @ParameterizedTest
  @EnumSource
  void theIdentityIsFound(AnswerPair pair) {
    IdentityBenchmark benchmark = new IdentityBenchmark();
    benchmark.pair = pair;
    benchmark.read();

    assertThat(benchmark.agreement().outcome()).isEqualTo(Agreement.Outcome.SAME);
  }

  @ParameterizedTest
  @EnumSource
  void theJudgeFindsThemEqual(AnswerPair pair) {
    JudgeBenchmark benchmark = new JudgeBenchmark();
    benchmark.pair = pair;

    assertThat(benchmark.compare()).isInstanceOf(Verdict.Equal.class);
  }

  @ParameterizedTest
  @EnumSource
  void theGoldIsRead(AnswerPair pair) {
    ParserBenchmark benchmark = new ParserBenchmark();
    benchmark.pair = pair;

    assertThat(benchmark.gold()).isEqualTo(Answer.Scalar.of(pair.goldExpression()));
  }
}
