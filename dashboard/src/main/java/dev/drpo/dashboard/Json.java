package dev.drpo.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.drpo.reports.ReportJson;

/** JSON text of what this package makes itself. */
final class Json {
  private Json() {}

  static String text(Object value) {
    try {
      return ReportJson.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
