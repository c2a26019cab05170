package dev.drpo.policy;

import java.util.List;

/**
 * Sequences of one forward pass, right-padded to the longest. The log-probabilities of all response
 * tokens come out as one flat array, in the order of the sequences.
 *
 * @param rows sequences
 * @param columns tokens fed per sequence, padding included
 * @param ids {@code [rows, columns]}, row-major
 * @param select flat positions in ids whose next token is a response token
 * @param labels those next tokens
 */
public record MicroBatch(int rows, int columns, long[] ids, long[] select, long[] labels) {

  /** A prompt and the response whose log-probabilities are wanted. */
  public record Sequence(int[] prompt, int[] response) {
    public Sequence {
      if (prompt.length == 0 || response.length == 0) {
        throw new IllegalArgumentException("a sequence needs a prompt and a response");
      }
    }

    /** Tokens that are fed: the last one is only predicted. */
    public int fed() {
      return prompt.length + response.length - 1;
    }
  }

  /** Lays out sequences. */
  public static MicroBatch of(List<Sequence> sequences) {
    int columns = sequences.stream().mapToInt(Sequence::fed).max().orElseThrow();
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
    return new MicroBatch(sequences.size(), columns, ids, select, labels);
  }

  /** Response tokens. */
  public int responseTokens() {
    return labels.length;
  }
}
