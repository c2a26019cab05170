package dev.drpo.policy.sft;

import dev.drpo.policy.sampler.CounterRandom;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws from a mixture without end. Each part is gone through epoch by epoch, every epoch in an
 * order of its own. What is drawn is a function of the mixture, the seed and the stage.
 */
final class SequenceStream {
  private final List<Mixture.Part> parts;
  private final List<Deck> decks;
  private final double totalWeight;
  private final Random choice;

  SequenceStream(Mixture mixture, long seed, int stage) {
    this.parts = mixture.parts();
    this.decks =
        IntStream.range(0, parts.size())
            .mapToObj(part -> new Deck(parts.get(part).sequences(), seed, stage, part))
            .toList();
    this.totalWeight = parts.stream().mapToDouble(Mixture.Part::weight).sum();
    this.choice = random("mixture", seed, stage, 0, 0);
  }

  /** The next sequence. */
  Sequence next() {
    return decks.get(part()).next();
  }

  /** Passes over what was drawn before. */
  void skip(long draws) {
    for (long i = 0; i < draws; i++) {
      next();
    }
  }

  private int part() {
    if (parts.size() == 1) {
      return 0;
    }
    double left = choice.nextDouble() * totalWeight;
    int part = 0;
    while (part < parts.size() - 1 && left >= parts.get(part).weight()) {
      left -= parts.get(part).weight();
      part++;
    }
    return part;
  }

  /** Random numbers from java.util.Random, whose algorithm is part of the Java specification. */
  private static Random random(String purpose, long seed, int stage, int part, int epoch) {
    return new Random(
        CounterRandom.hash("%s %d %d %d %d".formatted(purpose, seed, stage, part, epoch)));
  }

  /** A set of sequences, shuffled anew for each epoch. */
  private static final class Deck {
    private final List<Sequence> sequences;
    private final long seed;
    private final int stage;
    private final int part;
    private final int[] order;
    private int epoch;
    private int place;

    private Deck(List<Sequence> sequences, long seed, int stage, int part) {
      this.sequences = sequences;
      this.seed = seed;
      this.stage = stage;
      this.part = part;
      this.order = new int[sequences.size()];
      shuffle();
    }

    private Sequence next() {
      if (place == order.length) {
        epoch++;
        place = 0;
        shuffle();
      }
      return sequences.get(order[place++]);
    }

    /** Fisher and Yates, from the order of the files, so that an epoch's order is its own. */
    private void shuffle() {
      Random random = random("epoch", seed, stage, part, epoch);
      for (int i = 0; i < order.length; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
    }
  }
}
