package dev.drpo.cli.generate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.generation.FinishReason;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.policy.text.PolicyTokenizer;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;

/** Lines of the output, with their ends. */
final class ResponseLines {
  private static final JsonFactory JSON = new JsonFactory();

  private final PolicyTokenizer tokenizer;

  ResponseLines(PolicyTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** One line per sample. */
  String of(LineId id, int[] prompt, SampledGroup group) {
    StringBuilder lines = new StringBuilder();
    for (int sample = 0; sample < group.responses().size(); sample++) {
      lines.append(line(id, prompt, sample, group.responses().get(sample)));
    }
    return lines.toString();
  }

  private String line(LineId id, int[] prompt, int sample, SampledResponse response) {
    return line(
        json -> {
          json.writeStartObject();
          json.writeFieldName("id");
          id.write(json);
          json.writeNumberField("sample", sample);
          json.writeStringField("text", tokenizer.decode(response.tokens()));
          json.writeStringField("finishReason", name(response.finishReason()));
          json.writeFieldName("promptTokens");
          json.writeArray(prompt, 0, prompt.length);
          json.writeFieldName("tokens");
          json.writeArray(response.tokens(), 0, response.tokens().length);
          write(json, "logprobs", response.logProbabilities());
          if (!Arrays.equals(response.logProbabilities(), response.samplingLogProbabilities())) {
            write(json, "samplingLogprobs", response.samplingLogProbabilities());
          }
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, String key, float[] values) throws IOException {
    json.writeArrayFieldStart(key);
    for (float value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  /** The line that stands for a broken one. */
  static String of(long line, MalformedLine why) {
    return line(json -> why.write(line, json));
  }

  /** A finish reason as the OpenAI API calls it. */
  static String name(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
    };
  }

  private interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  private static String line(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      content.write(json);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory can't fail", e);
    }
    return text.append('\n').toString();
  }
}
