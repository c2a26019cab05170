package dev.drpo.reports;

import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The plots' colours. Files use the light ones; the HTML report turns each into a CSS variable, so
 * that its plots follow the reader's light or dark scheme. Hues stay apart for colour-blind readers
 * and every role differs in lightness as well.
 */
public enum Palette {
  SURFACE(0xffffff, 0x161b22),
  INK(0x1f2933, 0xe6edf3),
  MUTED(0x5b6776, 0x9aa7b5),
  GRID(0xe3e7ec, 0x2b333d),
  TRACE(0xa9bbd6, 0x4a6285),
  LEARNED(0x2563c9, 0x6ea8fe),
  BEFORE(0xb4540a, 0xf0984a),
  AFTER(0x0b7a5c, 0x3ecf9b),
  WRONG(0xc02f4d, 0xff7b93),
  BOUND(0x8a5a00, 0xe3b341),
  // One of several methods or runs beside each other.
  FIRST(0x2563c8, 0x6ea8fd),
  SECOND(0xb4540b, 0xf0984b),
  THIRD(0x0b7a5d, 0x3ecf9c),
  FOURTH(0xc02f4e, 0xff7b94),
  FIFTH(0x7a3fb8, 0xc79bff),
  SIXTH(0x5f6b00, 0xc3d04f),
  SEVENTH(0x00738a, 0x4fd0e3),
  EIGHTH(0x8a4b63, 0xe6a3bd);

  private final int light;
  private final int dark;

  Palette(int light, int dark) {
    this.light = light;
    this.dark = dark;
  }

  /** Style sheet that defines all of them as custom properties, by the reader's scheme. */
  public static String styleSheet() {
    return ":root { %s }\n@media (prefers-color-scheme: dark) { :root { %s } }\n"
        .formatted(properties(Palette::lightCss), properties(Palette::darkCss));
  }

  /** Their custom properties in one of the schemes. */
  static String properties(Function<Palette, String> shade) {
    return Arrays.stream(values())
        .map(color -> color.variable() + ": " + shade.apply(color) + ";")
        .collect(Collectors.joining(" "));
  }

  /** Colours of things side by side, which go round. */
  static Palette series(int index) {
    return values()[FIRST.ordinal() + index % seriesColors()];
  }

  /** Whether an earlier one has the same colour. */
  static boolean isRepeated(int index) {
    return index >= seriesColors();
  }

  private static int seriesColors() {
    return EIGHTH.ordinal() - FIRST.ordinal() + 1;
  }

  Color color() {
    return new Color(light);
  }

  /** Name of the CSS custom property. */
  String variable() {
    return "--plot-" + name().toLowerCase(Locale.ROOT);
  }

  String lightCss() {
    return css(light);
  }

  String darkCss() {
    return css(dark);
  }

  private static String css(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}
