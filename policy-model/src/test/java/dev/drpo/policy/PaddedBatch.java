package dev.drpo.policy;

import dev.drpo.policy.trainer.MicroBatch;
import java.util.List;

/**
 * Sequences side by side, right-padded to the longest, nothing shared: the plain layout that the
 * packed one is compared with.
 *
 * @param ids {@code [rows, columns]}, row-major
 * @param select flat positions in ids whose next token is a response token
 * @param labels those next tokens
 */
public record PaddedBatch(int rows, int columns, long[] ids, long[] select, long[] labels) {
  public static PaddedBatch of(List<MicroBatch.Sequence> sequences) {
    int columns = sequences.stream().mapToInt(MicroBatch.Sequence::fed).max().orElseThrow();
    int selected = sequences.stream().mapToInt(sequence -> sequence.response().length).sum();
    long[] ids = new long[sequences.size() * columns];
    long[] select = new long[selected];
    long[] labels = new long[selected];
    int next = 0;
    for (int row = 0; row < sequences.size(); row++) {
      int[] prompt = sequences.get(row).prompt();
      int[] response = sequences.get(row).response();
      int start = row * columns;
      for (int i = 0; i < prompt.length; i++) {
        ids[start + i] = prompt[i];
      }
      for (int i = 0; i < response.length; i++) {
        int position = start + prompt.length + i;
        if (i + 1 < response.length) {
          ids[position] = response[i];
        }
        select[next] = position - 1;
        labels[next] = response[i];
        next++;
      }
    }
    return new PaddedBatch(sequences.size(), columns, ids, select, labels);
  }
}
