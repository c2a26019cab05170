package dev.drpo.cli.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** An explanation for a program, on one line. */
final class ExplanationJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ExplanationJson() {}

  static String line(Explanation explanation) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeFieldName("rewards");
      write(json, explanation.group().rewardArray());
      json.writeFieldName("lengths");
      int[] lengths = explanation.group().lengthArray();
      json.writeArray(lengths, 0, lengths.length);
      json.writeObjectFieldStart("objectives");
      for (Map.Entry<String, double[]> objective : explanation.weights().entrySet()) {
        json.writeFieldName(objective.getKey());
        write(json, objective.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, double[] numbers) throws IOException {
    json.writeArray(numbers, 0, numbers.length);
  }
}
