package dev.drpo.cli.dataset.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.problems.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a JSON array of objects, and JSON lines. Numbers keep the digits that they have. */
final class JsonRows {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  // Python writes NaN for a value that is missing.
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonRows() {}

  static List<ObjectNode> read(Path file) throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    try (JsonParser json = JSON.createParser(TextFile.read(file))) {
      JsonToken token = json.nextToken();
      boolean array = token == JsonToken.START_ARRAY;
      if (array) {
        token = json.nextToken();
      }
      while (token != null && token != JsonToken.END_ARRAY) {
        if (token != JsonToken.START_OBJECT) {
          throw new DataException(
              "%s, line %d: row %d is no JSON object"
                  .formatted(file, json.currentLocation().getLineNr(), rows.size() + 1));
        }
        rows.add(JSON.readTree(json));
        token = json.nextToken();
      }
      if (array && json.nextToken() != null) {
        throw new DataException(file + " goes on after its array; cut off what follows");
      }
      return rows;
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s, line %d: it is not JSON: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()));
    }
  }
}
