package dev.drpo.cli.lines;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** What a line calls itself; its result carries the same. */
public sealed interface LineId {

  /** Writes the identifier as the value of the current field. */
  void write(JsonGenerator json) throws IOException;

  /** A string. */
  record Name(String text) implements LineId {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeString(text);
    }
  }

  /**
   * A number, or the line's number where there is no identifier.
   *
   * @param digits as written
   */
  record Numeral(String digits) implements LineId {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeNumber(digits);
    }
  }
}
