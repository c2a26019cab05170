package dev.drpo.cli.logprobs;

import dev.drpo.cli.logprobs.ScoredLine.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts sequences together that one forward pass runs, so that little of it is padding. */
final class Packing {
  private Packing() {}

  /**
   * Batches of sequences of like length, longest first. A sequence with nothing to predict is in
   * none.
   *
   * @param tokensPerBatch most tokens of a batch, padding included; a longer sequence is alone
   */
  static List<List<Sequence>> of(List<Sequence> sequences, int tokensPerBatch) {
    List<Sequence> longestFirst =
        sequences.stream()
            .filter(sequence -> sequence.predicted() > 0)
            .sorted(Comparator.comparingInt(Sequence::predicted).reversed())
            .toList();
    List<List<Sequence>> batches = new ArrayList<>();
    int room = 0;
    for (Sequence sequence : longestFirst) {
      if (room == 0) {
        batches.add(new ArrayList<>());
        room = Math.max(1, tokensPerBatch / sequence.predicted());
      }
      batches.getLast().add(sequence);
      room--;
    }
    return batches;
  }
}
