package dev.drpo.dashboard;

import dev.drpo.reports.Palette;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The files that the page is made of, by the names that it asks for. Nothing else is served. */
final class PageFiles {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String OWN = "/dev/drpo/dashboard/";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/" + version() + "/dist/";

  private record File(String resource, String type) {}

  private static final Map<String, File> FILES =
      Map.ofEntries(
          Map.entry("", new File(OWN + "index.html", HTML)),
          own("style.css", STYLE),
          own("page.js", SCRIPT),
          own("dom.js", SCRIPT),
          own("stream.js", SCRIPT),
          own("format.js", SCRIPT),
          own("glossary.js", SCRIPT),
          own("panels.js", SCRIPT),
          own("lines.js", SCRIPT),
          own("pictures.js", SCRIPT),
          own("histograms.js", SCRIPT),
          own("loop.js", SCRIPT),
          own("samples.js", SCRIPT),
          own("configuration.js", SCRIPT),
          Map.entry("uplot.js", new File(CHARTS + "uPlot.esm.js", SCRIPT)),
          Map.entry("uplot.css", new File(CHARTS + "uPlot.min.css", STYLE)));

  private PageFiles() {}

  private static Map.Entry<String, File> own(String name, String type) {
    return Map.entry(name, new File(OWN + name, type));
  }

  /** The file of a name; empty if the page has none. */
  static Optional<Answer> find(String name) {
    if (name.equals("palette.css")) {
      return Optional.of(
          new Answer(200, STYLE, Palette.styleSheet().getBytes(StandardCharsets.UTF_8)));
    }
    return Optional.ofNullable(FILES.get(name))
        .map(file -> new Answer(200, file.type(), content(file.resource())));
  }

  /** Every name. */
  static Iterable<String> names() {
    return FILES.keySet();
  }

  private static byte[] content(String resource) {
    try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A WebJar's files lie below its version, which its own build has written down. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream in =
        PageFiles.class.getResourceAsStream(
            "/META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
