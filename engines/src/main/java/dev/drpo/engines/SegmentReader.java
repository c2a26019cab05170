package dev.drpo.engines;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads what the servers' answers have in common. */
final class SegmentReader {
  private SegmentReader() {}

  /**
   * A field that has to be there.
   *
   * @param pointer where, as RFC 6901 has it
   */
  static JsonNode field(JsonNode answer, String pointer) throws BadAnswerException {
    JsonNode found = answer.at(pointer);
    if (found.isMissingNode() || found.isNull()) {
      throw malformed(pointer + " is missing");
    }
    return found;
  }

  /** A list that has to be there. */
  static JsonNode list(JsonNode answer, String pointer) throws BadAnswerException {
    JsonNode found = field(answer, pointer);
    if (!found.isArray()) {
      throw malformed(pointer + " is no list");
    }
    return found;
  }

  static int token(JsonNode value) throws BadAnswerException {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw malformed(value + " is no token id");
    }
    return value.intValue();
  }

  /** A log-probability; NaN where there is none. */
  static float logProbability(JsonNode value) throws BadAnswerException {
    if (value.isNull()) {
      return Float.NaN;
    }
    if (!value.isNumber()) {
      throw malformed(value + " is no log-probability");
    }
    return value.floatValue();
  }

  static Segment.End end(String reason) throws BadAnswerException {
    return switch (reason) {
      case "stop" -> Segment.End.STOP;
      case "length" -> Segment.End.LENGTH;
      case "abort" -> Segment.End.ABORT;
      default -> throw malformed("the reason for its end is " + reason);
    };
  }

  static BadAnswerException malformed(String detail) {
    return new BadAnswerException(AnswerFault.MALFORMED, detail);
  }
}
