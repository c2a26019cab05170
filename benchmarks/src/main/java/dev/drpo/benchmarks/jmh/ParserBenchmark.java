package dev.drpo.benchmarks.jmh;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.syntax.Reader;
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
