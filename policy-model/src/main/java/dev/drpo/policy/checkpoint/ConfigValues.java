package dev.drpo.policy.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.policy.PolicyFormatException;
import java.nio.file.Path;

/**
 * Typed values of a JSON object, refused by file, key and value where they are of another kind. A
 * key whose value is null counts as absent, as it does for transformers.
 */
record ConfigValues(Path file, JsonNode json) {

  /** Whether a key has a value. */
  boolean given(String key) {
    return json.hasNonNull(key);
  }

  /** A positive integer, which must be there. */
  int integer(String key) {
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
      throw malformed(key, "a positive integer");
    }
    return value.asInt();
  }

  /** A positive number. */
  double real(String key, double absent) {
    if (!given(key)) {
      return absent;
    }
    JsonNode value = json.path(key);
    if (!value.isNumber() || value.asDouble() <= 0) {
      throw malformed(key, "a positive number");
    }
    return value.asDouble();
  }

  /** True or false. */
  boolean flag(String key, boolean absent) {
    if (!given(key)) {
      return absent;
    }
    if (!json.path(key).isBoolean()) {
      throw malformed(key, "true or false");
    }
    return json.path(key).asBoolean();
  }

  private PolicyFormatException malformed(String key, String expected) {
    JsonNode value = json.path(key);
    return new PolicyFormatException(
        file
            + ": "
            + key
            + " must be "
            + expected
            + ", but it is "
            + (value.isMissingNode() ? "missing" : value));
  }
}
