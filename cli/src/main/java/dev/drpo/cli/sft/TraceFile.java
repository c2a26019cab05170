package dev.drpo.cli.sft;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.LineReader;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The traces of a file.
 *
 * @param sequences in the file's order
 * @param leftOut traces that were too long
 */
record TraceFile(Path path, List<Sequence> sequences, int leftOut) {

  /**
   * Reads a file.
   *
   * @param maxTokens traces of more tokens, prompt and response together, are left out; if empty,
   *     those that the context can't hold are refused
   * @throws UsageError if the file can't be read, has no trace or has a line that is none
   * @throws InterruptedException if the thread was interrupted
   */
  static TraceFile read(
      Path path, TraceEncoder encoder, ModelConfig policy, Optional<Integer> maxTokens)
      throws IOException, InterruptedException {
    List<Sequence> sequences = new ArrayList<>();
    int leftOut = 0;
    try (InputStream in = Files.newInputStream(path)) {
      LineReader lines = new LineReader(in, () -> {});
      for (Optional<InputLine> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while reading " + path);
        }
        if (line.get().isBlank()) {
          continue;
        }
        Sequence sequence = sequence(path, line.get(), encoder, policy);
        int tokens = sequence.prompt().length + sequence.response().length;
        if (maxTokens.isPresent() && tokens > maxTokens.get()) {
          leftOut++;
        } else if (tokens > policy.contextLength()) {
          throw new UsageError(
              "%s, line %d: its %,d tokens exceed the policy's context of %,d; shorten it, or leave such traces out with --max-tokens %d"
                  .formatted(
                      path,
                      line.get().number(),
                      tokens,
                      policy.contextLength(),
                      policy.contextLength()));
        } else {
          sequences.add(sequence);
        }
      }
    }
    if (sequences.isEmpty()) {
      throw new UsageError(
          path
              + (leftOut == 0
                  ? " has no trace; give lines of JSON"
                  : " has no trace of --max-tokens " + maxTokens.get() + " or fewer; raise it"));
    }
    return new TraceFile(path, List.copyOf(sequences), leftOut);
  }

  private static Sequence sequence(
      Path path, InputLine line, TraceEncoder encoder, ModelConfig policy) {
    try {
      return encoder.encode(TraceLine.read(line, policy.vocabularySize()));
    } catch (MalformedLine | RefusedTrace e) {
      throw new UsageError("%s, line %d: %s".formatted(path, line.number(), e.getMessage()));
    }
  }

  /** Most tokens of a trace, prompt and response together. */
  int longest() {
    return sequences.stream().mapToInt(Sequence::fed).max().orElseThrow() + 1;
  }

  /** For people. */
  @Override
  public String toString() {
    long tokens = sequences.stream().mapToLong(sequence -> sequence.response().length).sum();
    return String.format(
        Locale.ROOT,
        "%s: %,d traces, %,d response tokens, %.1f on average, %,d in the longest trace with its prompt%s",
        path,
        sequences.size(),
        tokens,
        (double) tokens / sequences.size(),
        longest(),
        leftOut == 0 ? "" : String.format(Locale.ROOT, "; %,d longer ones left out", leftOut));
  }
}
