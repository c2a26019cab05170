package dev.drpo.policy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Distributions of the next token by the oracle's pass over a whole sequence. */
public final class LogSoftmax {
  private final double[] logits;
  private final int vocabulary;

  private LogSoftmax(double[] logits, int vocabulary) {
    this.logits = logits;
    this.vocabulary = vocabulary;
  }

  public static LogSoftmax of(Oracle oracle, int[] prompt, int[] response) {
    return of(
            oracle,
            List.of(IntStream.concat(Arrays.stream(prompt), Arrays.stream(response)).toArray()))
        .getFirst();
  }

  /** Those of several sequences, by one pass over all. */
  public static List<LogSoftmax> of(Oracle oracle, List<int[]> sequences) {
    int columns = sequences.stream().mapToInt(sequence -> sequence.length).max().orElseThrow();
    long[] ids = new long[sequences.size() * columns];
    for (int row = 0; row < sequences.size(); row++) {
      for (int i = 0; i < sequences.get(row).length; i++) {
        ids[row * columns + i] = sequences.get(row)[i];
      }
    }
    double[] logits = oracle.logits(ids, sequences.size(), columns);
    int each = columns * oracle.vocabulary();
    return IntStream.range(0, sequences.size())
        .mapToObj(row -> Arrays.copyOfRange(logits, row * each, (row + 1) * each))
        .map(own -> new LogSoftmax(own, oracle.vocabulary()))
        .toList();
  }

  /** Natural logarithms of the probabilities of the token after a position. */
  public double[] at(int position, double temperature) {
    double[] scaled = new double[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      scaled[i] = logits[position * vocabulary + i] / temperature;
    }
    double max = Arrays.stream(scaled).max().orElseThrow();
    double sum = Arrays.stream(scaled).map(x -> Math.exp(x - max)).sum();
    return Arrays.stream(scaled).map(x -> x - max - Math.log(sum)).toArray();
  }

  /** Probabilities of the token after a position. */
  public double[] probabilities(int position, double temperature) {
    return Arrays.stream(at(position, temperature)).map(Math::exp).toArray();
  }

  /** The most likely token after a position. */
  public int best(int position) {
    int best = 0;
    for (int i = 1; i < vocabulary; i++) {
      if (logits[position * vocabulary + i] > logits[position * vocabulary + best]) {
        best = i;
      }
    }
    return best;
  }
}
