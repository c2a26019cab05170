package dev.drpo.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Files of published checkpoints, field for field. */
public final class PublishedModel {
  private PublishedModel() {}

  public static String text(String model, String file) throws IOException {
    try (InputStream in =
        PublishedModel.class.getResourceAsStream("published/" + model + "/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public static JsonNode json(String model, String file) throws IOException {
    return new ObjectMapper().readTree(text(model, file));
  }
}
