package dev.drpo.benchmarks;

import dev.drpo.reward.judge.answer.Answer;
import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.limit.Limits;
import dev.drpo.reward.judge.syntax.Reader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to turn the text of an answer into what it says. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ParserBenchmark {
  @Param public AnswerPair pair;

  /** The gold alone, with a budget of its own. */
  @Benchmark
  public Answer gold() {
    Limits limits = Limits.DEFAULT;
    return new Reader(limits, new Budget(limits.steps())).read(pair.gold());
  }
}
