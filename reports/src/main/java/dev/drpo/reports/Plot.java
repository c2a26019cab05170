package dev.drpo.reports;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;

/**
 * One figure: panels of equal size, row by row.
 *
 * @param name file name without its ending
 * @param alternative what a reader who can't see the figure should know
 * @param columns panels in a row
 */
record Plot(String name, String alternative, int columns, List<XYChart> panels) {
  /** Pixels of the PNG per unit, so that it stays sharp on dense screens and in print. */
  private static final int SCALE = 2;

  private static final Pattern CLIP = Pattern.compile("<clipPath id=\"(\\w+)\"");
  private static final Pattern LONG_DECIMALS = Pattern.compile("(\\d\\.\\d\\d)\\d+");

  private int width() {
    return columns * panels.getFirst().getWidth();
  }

  private int height() {
    return Math.ceilDiv(panels.size(), columns) * panels.getFirst().getHeight();
  }

  byte[] png() {
    BufferedImage image =
        new BufferedImage(width() * SCALE, height() * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(SCALE, SCALE);
    paint(graphics);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The figure as an SVG document that is the same for the same data, without a DTD to fetch. */
  String svg() {
    VectorGraphics2D graphics = new VectorGraphics2D();
    paint(graphics);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new SVGProcessor()
          .getDocument(graphics.getCommands(), new PageSize(width(), height()))
          .writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tidy(out.toString(StandardCharsets.UTF_8));
  }

  private String tidy(String svg) {
    String body = svg.substring(svg.indexOf("<svg"));
    // The library derives ids from memory addresses, which differ in every run.
    List<String> ids = CLIP.matcher(body).results().map(id -> id.group(1)).toList();
    for (int i = 0; i < ids.size(); i++) {
      body = body.replace(ids.get(i), name + "-clip-" + i);
    }
    // A hundredth of a pixel is enough.
    return LONG_DECIMALS.matcher(body).replaceAll("$1");
  }

  private void paint(Graphics2D graphics) {
    Color surface = Palette.SURFACE.color();
    graphics.setColor(surface);
    graphics.fillRect(0, 0, width(), height());
    AffineTransform origin = graphics.getTransform();
    for (int i = 0; i < panels.size(); i++) {
      XYChart panel = panels.get(i);
      graphics.setTransform(origin);
      int column = i % columns;
      int row = i / columns;
      graphics.translate(column * panel.getWidth(), row * panel.getHeight());
      panel.paint(graphics, panel.getWidth(), panel.getHeight());
    }
    graphics.setTransform(origin);
  }
}
