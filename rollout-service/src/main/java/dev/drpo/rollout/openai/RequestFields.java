package dev.drpo.rollout.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.runtime.json.JsonDefect;
import dev.drpo.runtime.json.StrictJson;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The parameters of one request, by name. Null is as good as absent, as in the OpenAI API.
 * Remembers what was asked for, so that what nobody asked for can be refused.
 */
final class RequestFields {
  private static final StrictJson STRICT = new StrictJson();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode object;
  private final String path;
  private final Set<String> known = new HashSet<>();

  /**
   * Takes an object.
   *
   * @param path name of the object's place in the request, with which its parameters' names begin
   */
  RequestFields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /**
   * Reads a body.
   *
   * @throws ApiException if it is not one JSON object
   */
  static RequestFields parse(byte[] body) {
    try {
      return new RequestFields(STRICT.object(StrictJson.text(ByteBuffer.wrap(body))), "");
    } catch (JsonDefect e) {
      throw ApiException.invalid(null, "%s", e.ofBody());
    }
  }

  /** A parameter's name as the caller knows it. */
  String nameOf(String field) {
    return path + field;
  }

  Optional<JsonNode> find(String field) {
    known.add(field);
    return Optional.ofNullable(object.get(field)).filter(value -> !value.isNull());
  }

  JsonNode require(String field, String expected) {
    return find(field)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    nameOf(field), "there is no %s; give %s", nameOf(field), expected));
  }

  Optional<String> text(String field) {
    return find(field)
        .map(
            value -> {
              requireType(value.isTextual(), field, value, "a string");
              return value.asText();
            });
  }

  boolean flag(String field) {
    return find(field)
        .map(
            value -> {
              requireType(value.isBoolean(), field, value, "true or false");
              return value.asBoolean();
            })
        .orElse(false);
  }

  OptionalDouble number(String field) {
    Optional<JsonNode> value = find(field);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    requireType(value.get().isNumber(), field, value.get(), "a number");
    return OptionalDouble.of(value.get().asDouble());
  }

  OptionalInt integer(String field) {
    Optional<JsonNode> value = find(field);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    requireType(
        value.get().isIntegralNumber() && value.get().canConvertToInt(),
        field,
        value.get(),
        "an integer of 32 bits");
    return OptionalInt.of(value.get().asInt());
  }

  List<Integer> integers(String field) {
    Optional<JsonNode> value = find(field);
    if (value.isEmpty()) {
      return List.of();
    }
    List<Integer> integers = new ArrayList<>();
    requireType(value.get().isArray(), field, value.get(), "a list of integers");
    for (JsonNode item : value.get()) {
      requireType(
          item.isIntegralNumber() && item.canConvertToInt(),
          field,
          value.get(),
          "a list of integers");
      integers.add(item.asInt());
    }
    return integers;
  }

  OptionalLong longInteger(String field) {
    Optional<JsonNode> value = find(field);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    requireType(
        value.get().isIntegralNumber() && value.get().canConvertToLong(),
        field,
        value.get(),
        "an integer of 64 bits");
    return OptionalLong.of(value.get().asLong());
  }

  /** Accepts a parameter that is of no consequence, whatever its value. */
  void ignore(String field) {
    known.add(field);
  }

  /**
   * Accepts a parameter that is not supported, as long as it asks for nothing.
   *
   * @param nothing the JSON that does
   */
  void requireNothing(String field, String nothing) {
    Optional<JsonNode> value = find(field);
    if (value.isPresent() && !same(value.get(), nothing)) {
      throw ApiException.invalid(
          nameOf(field),
          "%s is %s, which is not supported here; leave it out, or send %s",
          nameOf(field),
          shown(value.get()),
          nothing);
    }
  }

  /**
   * Refuses every parameter that nothing was said about: it might change the result.
   *
   * @throws ApiException if there is one
   */
  void refuseOthers() {
    object
        .properties()
        .forEach(
            entry -> {
              if (!known.contains(entry.getKey()) && !entry.getValue().isNull()) {
                throw ApiException.invalid(
                    nameOf(entry.getKey()),
                    "the parameter %s is not supported here; leave it out",
                    nameOf(entry.getKey()));
              }
            });
  }

  /** A value as an error quotes it. */
  static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  private void requireType(boolean holds, String field, JsonNode value, String expected) {
    if (!holds) {
      throw ApiException.invalid(
          nameOf(field), "%s is %s; it must be %s", nameOf(field), shown(value), expected);
    }
  }

  private static boolean same(JsonNode value, String nothing) {
    try {
      JsonNode expected = JSON.readTree(nothing);
      return expected.isNumber()
          ? value.isNumber() && value.asDouble() == expected.asDouble()
          : value.equals(expected);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(nothing + " is not JSON", e);
    }
  }
}
