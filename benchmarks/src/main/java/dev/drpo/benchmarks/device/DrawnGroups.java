package dev.drpo.benchmarks.device;

import dev.drpo.policy.sampler.CounterRandom;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PolicySampler.Beginning;
import dev.drpo.policy.sampler.PolicySampler.Tokens;
import dev.drpo.policy.sampler.PrefilledPrompt;
import dev.drpo.policy.sampler.SamplingLaw;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Groups of responses as a sampler drew them, of different lengths, so that they end at different
 * times.
 *
 * @param sequences in order, a group's together
 * @param logProbabilities what the sampler says of each one's response
 */
record DrawnGroups(List<Sequence> sequences, List<float[]> logProbabilities) {
  private static final long SEED = 7;

  /** Shortest responses have this share of the longest ones' length. */
  private static final double SHORTEST = 0.5;

  /** How much is drawn. */
  record Load(int prompts, int group, int promptTokens, int responseTokens) {
    int rows() {
      return prompts * group;
    }

    /** Tokens of a row's response: as many as are asked for, down to half of that. */
    int length(int row) {
      double share = 1 - SHORTEST * (row % group) / group;
      return Math.max(1, (int) (share * responseTokens));
    }
  }

  /** Draws from the whole distribution at a temperature. */
  static DrawnGroups draw(PolicySampler sampler, Load load, double temperature) {
    return new Drawing(sampler, load, SamplingLaw.at(temperature)).run();
  }

  /** One micro-batch a group. */
  List<MicroBatch> microBatches(int group) {
    return IntStream.range(0, sequences.size() / group)
        .mapToObj(i -> MicroBatch.of(sequences.subList(i * group, (i + 1) * group)))
        .toList();
  }

  /** Log-probabilities by micro-batch, as a trainer gives them. */
  List<float[]> byMicroBatch(int group) {
    List<float[]> found = new ArrayList<>();
    for (MicroBatch batch : microBatches(group)) {
      int first = found.size() * group;
      float[] joined = new float[batch.responseTokens()];
      int at = 0;
      for (float[] one : logProbabilities.subList(first, first + group)) {
        System.arraycopy(one, 0, joined, at, one.length);
        at += one.length;
      }
      found.add(joined);
    }
    return found;
  }

  /** Rows that are being drawn. */
  private static final class Drawing {
    private final PolicySampler sampler;
    private final Load load;
    private final SamplingLaw law;
    private final CounterRandom random = new CounterRandom(SEED, 0);
    private final List<int[]> prompts;
    private final List<int[]> responses = new ArrayList<>();
    private final List<float[]> logProbabilities = new ArrayList<>();
    private final int[] drawn;

    /** Which row the sampler's live sequence of a number is. */
    private final List<Integer> rowOf = new ArrayList<>();

    Drawing(PolicySampler sampler, Load load, SamplingLaw law) {
      this.sampler = sampler;
      this.load = load;
      this.law = law;
      int vocabulary = sampler.decoder().config().vocabularySize();
      Random words = new Random(SEED);
      // Prompts of different lengths, none empty.
      this.prompts =
          IntStream.range(0, load.prompts())
              .mapToObj(p -> words.ints(load.promptTokens() - p, 0, vocabulary).toArray())
              .toList();
      this.drawn = new int[load.rows()];
      for (int row = 0; row < load.rows(); row++) {
        responses.add(new int[load.length(row)]);
        logProbabilities.add(new float[load.length(row)]);
        rowOf.add(row);
      }
    }

    DrawnGroups run() {
      List<PrefilledPrompt> prefilled = sampler.prefill(prompts);
      List<Beginning> beginnings = new ArrayList<>();
      for (int p = 0; p < load.prompts(); p++) {
        int first = p * load.group();
        beginnings.add(
            new Beginning(prefilled.get(p), draws(rowOf.subList(first, first + load.group()))));
      }
      take(sampler.begin(beginnings));
      prefilled.forEach(sampler::close);
      endFinished();
      while (!rowOf.isEmpty()) {
        take(sampler.advance(draws(rowOf)));
        endFinished();
      }
      List<Sequence> sequences =
          IntStream.range(0, load.rows())
              .mapToObj(row -> new Sequence(prompts.get(row / load.group()), responses.get(row)))
              .toList();
      return new DrawnGroups(sequences, logProbabilities);
    }

    private List<SamplingLaw.Draw> draws(List<Integer> rows) {
      return rows.stream().map(row -> law.draw(random.uniform(row, drawn[row]))).toList();
    }

    private void take(Tokens tokens) {
      for (int number = 0; number < rowOf.size(); number++) {
        int row = rowOf.get(number);
        responses.get(row)[drawn[row]] = tokens.tokens()[number];
        logProbabilities.get(row)[drawn[row]] = tokens.logProbabilities()[number];
        drawn[row]++;
      }
    }

    /** Of the sampler's numbers, the last takes the place of the one that ends. */
    private void endFinished() {
      for (int number = rowOf.size() - 1; number >= 0; number--) {
        int row = rowOf.get(number);
        if (drawn[row] == responses.get(row).length) {
          sampler.end(number);
          rowOf.set(number, rowOf.getLast());
          rowOf.removeLast();
        }
      }
    }
  }
}
