package dev.drpo.policy;

import dev.drpo.policy.decoder.Decoder;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Distributions of the next token by one forward pass over a whole sequence, in plain Java. */
public final class LogSoftmax {
  private final float[] logits;
  private final int vocabulary;

  private LogSoftmax(float[] logits, int vocabulary) {
    this.logits = logits;
    this.vocabulary = vocabulary;
  }

  public static LogSoftmax of(Decoder decoder, int[] prompt, int[] response) {
    long[] ids =
        IntStream.concat(Arrays.stream(prompt), Arrays.stream(response)).asLongStream().toArray();
    return new LogSoftmax(decoder.logits(new long[][] {ids}), decoder.config().vocabularySize());
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
