package dev.drpo.benchmarks.jmh;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Agreement;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limits;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to find two expressions equal that were read before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IdentityBenchmark {
  private static final long SEED = 1;

  @Param public AnswerPair pair;

  private Expression gold;
  private Expression answer;

  /** Reads both sides, which isn't measured. */
  @Setup
  public void read() {
    gold = pair.goldExpression();
    answer = pair.answerExpression();
  }

  /** With a budget and random points of its own, as in every judgement. */
  @Benchmark
  public Agreement agreement() {
    Limits limits = Limits.DEFAULT;
    return new Identity(limits, new Budget(limits.steps()), SEED).agreement(gold, answer);
  }
}
