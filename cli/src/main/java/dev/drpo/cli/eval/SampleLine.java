package dev.drpo.cli.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.evaluation.JudgedSample;
import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Rule;
import dev.drpo.runtime.json.JsonDefect;
import dev.drpo.runtime.json.StrictJson;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * A line of {@code samples.jsonl}: a response, and what was decided about it.
 *
 * @param set name of the set
 * @param problem id of the problem
 * @param sample index among the problem's samples
 */
record SampleLine(String set, String problem, int sample, JudgedSample judged) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final StrictJson STRICT = new StrictJson();
  private static final String STOP = "stop";
  private static final String LENGTH = "length";

  /** Writes a line, with its end. */
  static String of(String set, String problem, int sample, Response response, JudgedSample judged) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("set", set).put("id", problem).put("sample", sample);
    json.put("verdict", judged.outcome().name()).put("rule", judged.rule().id());
    json.put("extracted", judged.answer()).put("length", judged.length());
    json.put("finishReason", judged.truncated() ? LENGTH : STOP);
    json.put("text", response.text());
    if (response.tokens().length > 0) {
      ArrayNode tokens = json.putArray("tokens");
      Arrays.stream(response.tokens()).forEach(tokens::add);
    }
    try {
      return MAPPER.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing to memory can't fail", e);
    }
  }

  /** Reads a line; empty if it is not one. */
  static Optional<SampleLine> read(String line) {
    JsonNode json;
    try {
      json = STRICT.object(line);
    } catch (JsonDefect defect) {
      return Optional.empty();
    }
    Optional<Outcome> outcome = named(Outcome.values(), Outcome::name, json.path("verdict"));
    Optional<Rule> rule = named(Rule.values(), Rule::id, json.path("rule"));
    boolean whole =
        outcome.isPresent()
            && rule.isPresent()
            && json.path("set").isTextual()
            && json.path("id").isTextual()
            && json.path("sample").isInt()
            && json.path("extracted").isTextual()
            && json.path("length").isInt()
            && json.path("text").isTextual();
    String reason = json.path("finishReason").asText();
    if (!whole || !(reason.equals(STOP) || reason.equals(LENGTH))) {
      return Optional.empty();
    }
    return Optional.of(
        new SampleLine(
            json.path("set").asText(),
            json.path("id").asText(),
            json.path("sample").asInt(),
            new JudgedSample(
                outcome.get(),
                rule.get(),
                json.path("extracted").asText(),
                json.path("length").asInt(),
                reason.equals(LENGTH))));
  }

  private static <T> Optional<T> named(T[] values, Function<T, String> name, JsonNode text) {
    return Arrays.stream(values).filter(value -> name.apply(value).equals(text.asText())).findAny();
  }
}
