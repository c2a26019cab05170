package dev.drpo.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What is answered to a request of the page.
 *
 * @param status of HTTP
 * @param type of the body
 */
public record Answer(int status, String type, byte[] body) {
  private static final String JSON = "application/json; charset=utf-8";

  static Answer json(Object value) {
    return text(200, JSON, Json.text(value));
  }

  static Answer jsonText(String text) {
    return text(200, JSON, text);
  }

  /** A refusal, whose reason the page shows. */
  static Answer refusal(int status, String reason) {
    return text(status, JSON, Json.text(Map.of("error", reason)));
  }

  private static Answer text(int status, String type, String text) {
    return new Answer(status, type, text.getBytes(StandardCharsets.UTF_8));
  }
}
