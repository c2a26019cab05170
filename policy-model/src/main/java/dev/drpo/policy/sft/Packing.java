package dev.drpo.policy.sft;

import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cuts a batch into passes. Sequences of a pass lie in one stream of tokens and attend to nothing
 * but themselves, so that how they are packed shows in the rounding of sums only.
 *
 * @param tokensPerPass most tokens that are fed at once; a longer sequence has a pass to itself
 * @param workers passes that are computed side by side
 */
public record Packing(int tokensPerPass, int workers) {
  public Packing {
    if (tokensPerPass < 1 || workers < 1) {
      throw new IllegalArgumentException(
          "tokens per pass and workers must be 1 or more, not %d and %d"
              .formatted(tokensPerPass, workers));
    }
  }

  /**
   * The rounds of a batch, of one pass a worker at most. The longest sequences are placed first,
   * each in the pass with the least so far, so that workers end together.
   */
  List<List<List<Sequence>>> rounds(List<Sequence> batch) {
    long tokens = fed(batch);
    int rounds = Math.toIntExact(Math.max(1, Math.ceilDiv(tokens, (long) tokensPerPass * workers)));
    List<List<Sequence>> passes = spread(batch, rounds * workers);
    while (!passes.stream().allMatch(this::fits)) {
      rounds++;
      passes = spread(batch, rounds * workers);
    }
    List<List<Sequence>> filled = passes.stream().filter(pass -> !pass.isEmpty()).toList();
    return Stream.iterate(0, from -> from < filled.size(), from -> from + workers)
        .map(from -> filled.subList(from, Math.min(filled.size(), from + workers)))
        .toList();
  }

  private boolean fits(List<Sequence> pass) {
    return pass.size() <= 1 || fed(pass) <= tokensPerPass;
  }

  private static long fed(List<Sequence> sequences) {
    return sequences.stream().mapToLong(Sequence::fed).sum();
  }

  private static List<List<Sequence>> spread(List<Sequence> batch, int count) {
    List<List<Sequence>> passes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      passes.add(new ArrayList<>());
    }
    long[] load = new long[count];
    batch.stream()
        .sorted(Comparator.comparingInt(Sequence::fed).reversed())
        .forEach(
            sequence -> {
              int idlest = 0;
              for (int i = 1; i < count; i++) {
                idlest = load[i] < load[idlest] ? i : idlest;
              }
              passes.get(idlest).add(sequence);
              load[idlest] += sequence.fed();
            });
    return passes;
  }
}
