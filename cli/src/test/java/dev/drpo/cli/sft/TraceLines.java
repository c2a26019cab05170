package dev.drpo.cli.sft;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.MalformedLine;
import java.nio.ByteBuffer;

/** Traces from texts. */
final class TraceLines {
  private TraceLines() {}

  static Trace read(String line) throws MalformedLine {
    return TraceLine.read(new InputLine.Text(1, ByteBuffer.wrap(line.getBytes(UTF_8))), 16);
  }
}
