package dev.drpo.cli.lines;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/** Token ids in a line. */
public final class TokenList {
  private TokenList() {}

  /**
   * Reads a list of token ids as the value of a key.
   *
   * @param value the value's first token, on which the parser stands
   * @param vocabularySize ids lie in [0, vocabularySize)
   * @throws MalformedLine if it is no list of such ids
   */
  public static int[] read(
      JsonLine line, String key, JsonParser json, JsonToken value, int vocabularySize)
      throws IOException, MalformedLine {
    if (value != JsonToken.START_ARRAY) {
      throw line.malformed(key + " must be a list of token ids");
    }
    int[] tokens = new int[64];
    int count = 0;
    for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
      if (item != JsonToken.VALUE_NUMBER_INT) {
        throw line.malformed(
            "%s must be a list of token ids, but item %d is %s"
                .formatted(key, count, shown(json, item)));
      }
      if (count == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * count);
      }
      tokens[count] = id(line, key, count, json.getText(), vocabularySize);
      count++;
    }
    return Arrays.copyOf(tokens, count);
  }

  private static int id(JsonLine line, String key, int place, String digits, int vocabularySize)
      throws MalformedLine {
    // More digits than an int has name no token either.
    long id = digits.length() > 10 ? -1 : Long.parseLong(digits);
    if (id < 0 || id >= vocabularySize) {
      throw line.malformed(
          "item %d of %s is %s, but the policy knows ids from 0 to %d"
              .formatted(place, key, shortened(digits), vocabularySize - 1));
    }
    return (int) id;
  }

  private static String shown(JsonParser json, JsonToken item) throws IOException {
    return switch (item) {
      case START_ARRAY -> "a list";
      case START_OBJECT -> "an object";
      case VALUE_STRING -> "the text '" + shortened(json.getText()) + "'";
      default -> shortened(json.getText());
    };
  }

  private static String shortened(String text) {
    return text.length() <= 20 ? text : text.substring(0, 20) + "…";
  }
}
