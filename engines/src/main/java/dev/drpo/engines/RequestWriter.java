package dev.drpo.engines;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.drpo.policy.sampler.SamplingLaw;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a request's JSON without a tree of it: prompts have thousands of tokens. */
final class RequestWriter {
  private RequestWriter() {}

  /** Writes the fields of an object. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  static byte[] object(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = HttpCalls.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return bytes.toByteArray();
  }

  static void tokens(JsonGenerator json, String name, int[] tokens) throws IOException {
    json.writeFieldName(name);
    json.writeArray(tokens, 0, tokens.length);
  }

  static void tokens(JsonGenerator json, String name, List<Integer> tokens) throws IOException {
    tokens(json, name, tokens.stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * Every parameter of the law, and those that a checkpoint could turn away from what they are by
   * default: a server takes what it is not told from generation_config.json.
   */
  static void law(JsonGenerator json, SamplingLaw law) throws IOException {
    json.writeNumberField("temperature", law.temperature());
    json.writeNumberField("top_p", law.topP());
    json.writeNumberField("top_k", law.topK() == 0 ? -1 : law.topK());
    json.writeNumberField("min_p", law.minP());
    json.writeNumberField("repetition_penalty", 1);
    json.writeNumberField("presence_penalty", 0);
    json.writeNumberField("frequency_penalty", 0);
  }
}
