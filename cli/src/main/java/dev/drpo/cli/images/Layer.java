package dev.drpo.cli.images;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer of an image.
 *
 * @param bytes not compressed, as a node keeps it
 * @param step of the Dockerfile that made it
 */
record Layer(long bytes, String step) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Lines of a size, a tab and a step, from the highest layer down; steps without files left out.
   */
  static List<Layer> ofHistory(String text) {
    List<Layer> layers = new ArrayList<>();
    text.lines()
        .filter(line -> line.indexOf('\t') > 0)
        .map(
            line ->
                new Layer(
                    Long.parseLong(line.substring(0, line.indexOf('\t'))),
                    line.substring(line.indexOf('\t') + 1)))
        .filter(layer -> layer.bytes() > 0)
        .forEach(layers::add);
    return layers.reversed();
  }

  /** What {@code buildah inspect} tells: the manifest has the sizes, the history has the steps. */
  static List<Layer> ofInspection(String json) {
    try {
      JsonNode image = JSON.readTree(json);
      JsonNode sizes = JSON.readTree(image.path("Manifest").asText("{}")).path("layers");
      List<Layer> layers = new ArrayList<>();
      for (JsonNode step : image.path("OCIv1").path("history")) {
        if (!step.path("empty_layer").asBoolean() && layers.size() < sizes.size()) {
          layers.add(
              new Layer(
                  sizes.get(layers.size()).path("size").asLong(),
                  step.path("created_by").asText()));
        }
      }
      return layers;
    } catch (JsonProcessingException e) {
      throw new ProgramFailure("buildah inspect answers no JSON: " + e.getOriginalMessage());
    }
  }
}
