package dev.drpo.cli.lines;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;

/** A line that is no request. The message says what is wrong with it and what is expected. */
public final class MalformedLine extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Optional<LineId> id;

  public MalformedLine(Optional<LineId> id, String message) {
    super(message);
    this.id = id;
  }

  /** Writes the object that stands for the line's result. */
  public void write(long line, JsonGenerator json) throws IOException {
    json.writeStartObject();
    if (id.isPresent()) {
      json.writeFieldName("id");
      id.get().write(json);
    }
    json.writeNumberField("line", line);
    json.writeStringField("error", getMessage());
    json.writeEndObject();
  }
}
