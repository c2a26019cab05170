package dev.drpo.reports;

import java.awt.Color;
import java.util.regex.Matcher;

/** A plot's SVG for inside an HTML page: its colours are CSS variables. */
final class ThemedSvg {
  private ThemedSvg() {}

  static String of(Plot plot) {
    String svg = plot.svg();
    for (Palette color : Palette.values()) {
      Color light = color.color();
      svg =
          svg.replace(
              "rgb(%d,%d,%d)".formatted(light.getRed(), light.getGreen(), light.getBlue()),
              "var(" + color.variable() + ")");
    }
    return svg.replaceFirst(
        "<svg",
        "<svg role=\"img\" aria-label=\""
            + Matcher.quoteReplacement(HtmlReport.escape(plot.alternative()))
            + "\"");
  }
}
