package dev.drpo.policy.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Sequences of one pass, packed without padding into one stream of tokens. Neighbours with the same
 * prompt share it: the prompt stands in the stream once, and their responses attend to it. The
 * log-probabilities of all response tokens come out as one flat array, in the order of the
 * sequences.
 *
 * @param ids the stream's tokens
 * @param positions each token's position in its own sequence
 * @param segments four numbers each: first token and length in the stream, and first token and
 *     length of the shared prompt that the segment's tokens attend to beside their own
 * @param select places in the stream whose next token is a response token
 * @param labels those next tokens
 */
public record MicroBatch(
    long[] ids, long[] positions, long[] segments, long[] select, long[] labels) {

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

    /** Whether it can share its prompt with another. */
    public boolean sharesPromptWith(Sequence other) {
      return Arrays.equals(prompt, other.prompt);
    }
  }

  /** Lays out sequences. */
  public static MicroBatch of(List<Sequence> sequences) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("a micro-batch needs a sequence");
    }
    Stream stream = new Stream();
    int from = 0;
    while (from < sequences.size()) {
      int to = from + 1;
      while (to < sequences.size() && sequences.get(to).sharesPromptWith(sequences.get(from))) {
        to++;
      }
      stream.add(sequences.subList(from, to));
      from = to;
    }
    return stream.build();
  }

  /** Tokens that are computed. */
  public int tokens() {
    return ids.length;
  }

  /** Response tokens. */
  public int responseTokens() {
    return labels.length;
  }

  /** A micro-batch that grows. */
  private static final class Stream {
    private final LongStream.Builder ids = LongStream.builder();
    private final LongStream.Builder positions = LongStream.builder();
    private final LongStream.Builder select = LongStream.builder();
    private final LongStream.Builder labels = LongStream.builder();
    private final List<Long> segments = new ArrayList<>();
    private int tokens;

    /** Adds sequences with the same prompt. */
    void add(List<Sequence> sequences) {
      int[] prompt = sequences.getFirst().prompt();
      int start = tokens;
      feed(prompt, prompt.length, 0);
      boolean shared = sequences.size() > 1;
      if (shared) {
        segment(start, prompt.length, 0, 0);
      }
      for (Sequence sequence : sequences) {
        int[] response = sequence.response();
        int first = tokens;
        feed(response, response.length - 1, prompt.length);
        for (int i = 0; i < response.length; i++) {
          select.add(i == 0 ? start + prompt.length - 1 : first + i - 1);
          labels.add(response[i]);
        }
        if (shared && response.length > 1) {
          segment(first, response.length - 1, start, prompt.length);
        }
      }
      if (!shared) {
        segment(start, tokens - start, 0, 0);
      }
    }

    private void feed(int[] source, int count, int position) {
      for (int i = 0; i < count; i++) {
        ids.add(source[i]);
        positions.add(position + i);
      }
      tokens += count;
    }

    private void segment(long first, long length, long context, long sharedLength) {
      segments.addAll(List.of(first, length, context, sharedLength));
    }

    MicroBatch build() {
      return new MicroBatch(
          ids.build().toArray(),
          positions.build().toArray(),
          segments.stream().mapToLong(Long::longValue).toArray(),
          select.build().toArray(),
          labels.build().toArray());
    }
  }
}
