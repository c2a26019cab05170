package dev.drpo.cli.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The layers of an image for people. */
final class LayerTable {
  private static final double MEGA = 1e6;
  private static final int STEP_LENGTH = 80;

  private LayerTable() {}

  static List<String> lines(Image image, List<Layer> layers) {
    List<String> lines = new ArrayList<>();
    lines.add(line(layers.stream().mapToLong(Layer::bytes).sum(), image.name()));
    for (Layer layer : layers) {
      lines.add("  " + line(layer.bytes(), step(layer.step())));
    }
    return lines;
  }

  private static String line(long bytes, String text) {
    return String.format(Locale.ROOT, "%8.1f MB  %s", bytes / MEGA, text).stripTrailing();
  }

  /** Without the shell that a builder puts before it, with short digests, and as long as a line. */
  private static String step(String step) {
    String plain =
        step.replaceFirst("^/bin/sh -c (#\\(nop\\) *)?", "")
            .replaceAll("\\b([0-9a-f]{12})[0-9a-f]{52}\\b", "$1")
            .replaceAll("\\s+", " ");
    return plain.length() <= STEP_LENGTH ? plain : plain.substring(0, STEP_LENGTH - 1) + "…";
  }
}
