package dev.drpo.cli.judge;

import dev.drpo.cli.lines.InputLine;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Consecutive lines that one thread judges together, which keeps the price of handing over low. */
final class Batch {
  private static final int LINES = 64;
  private static final int BYTES = 1 << 20;

  private final List<InputLine> lines = new ArrayList<>();
  private long bytes;

  /**
   * What became of a batch.
   *
   * @param output whole lines; lone surrogates, which no encoding has, are question marks
   */
  record Result(String output, Tally tally) {
    byte[] utf8() {
      return output.getBytes(StandardCharsets.UTF_8);
    }
  }

  void add(InputLine line) {
    lines.add(line);
    if (line instanceof InputLine.Text text) {
      bytes += text.utf8().remaining();
    }
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  boolean isFull() {
    return lines.size() >= LINES || bytes >= BYTES;
  }

  /** Bytes of input that the batch holds. */
  long bytes() {
    return bytes;
  }

  Result judgedBy(LineJudge judge) throws IOException {
    StringWriter output = new StringWriter();
    Tally tally = new Tally();
    for (InputLine line : lines) {
      try {
        judge.judge(line, output, tally);
      } catch (RuntimeException | StackOverflowError defect) {
        throw new IllegalStateException("judging line " + line.number() + " failed", defect);
      }
    }
    return new Result(output.toString(), tally);
  }
}
