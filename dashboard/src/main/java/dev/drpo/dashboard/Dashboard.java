package dev.drpo.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.reports.Glossary;
import dev.drpo.reports.ReportJson;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page of one run or of several, for any server of HTTP: it answers requests by their path
 * below {@link #PREFIX}, and feeds the page's event stream. Safe for use by many threads.
 */
public final class Dashboard {
  /** Where the page lies; it names everything else relative to that. */
  public static final String PREFIX = "/dashboard/";

  /** Path of the event stream below the prefix, whose events {@link #feed} gives. */
  public static final String EVENTS = "api/events";

  /**
   * Headers of every answer. The page may load nothing but its own files and run nothing but its
   * own scripts, so that a response which holds markup can do nothing even if it were taken for
   * some.
   */
  public static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-cache");

  private static final Pattern OF_RUN = Pattern.compile("api/runs/(\\d{1,6})/(\\w+)");

  private final List<WatchedRun> runs;

  /** Tells a page that comes back whether it still speaks to the same process. */
  private final String life = UUID.randomUUID().toString();

  public Dashboard(List<WatchedRun> runs) {
    this.runs = List.copyOf(runs);
  }

  List<WatchedRun> runs() {
    return runs;
  }

  String life() {
    return life;
  }

  /**
   * The stream of events for one reader.
   *
   * @param lastEventId what it was told last; empty if it comes for the first time
   */
  public Feed feed(Optional<String> lastEventId) {
    return new Feed(this, lastEventId);
  }

  /**
   * Answers a request.
   *
   * @param path below the prefix
   * @param rawQuery behind the question mark, as it came; null for none
   */
  public Answer get(String path, String rawQuery) {
    try {
      Map<String, String> query = query(rawQuery);
      if (path.equals("api/page")) {
        return Answer.json(page());
      }
      Matcher ofRun = OF_RUN.matcher(path);
      if (ofRun.matches() && Integer.parseInt(ofRun.group(1)) < runs.size()) {
        return ofRun(runs.get(Integer.parseInt(ofRun.group(1))), ofRun.group(2), query);
      }
      return PageFiles.find(path).orElseGet(() -> absent("no such page: " + path));
    } catch (IllegalArgumentException e) {
      return Answer.refusal(400, "step, group and response must be whole numbers");
    } catch (IOException e) {
      return Answer.refusal(500, e.getMessage());
    }
  }

  private static Answer ofRun(WatchedRun run, String what, Map<String, String> query)
      throws IOException {
    return switch (what) {
      case "configuration" -> Answer.json(run.configuration());
      case "step" ->
          run.step(number(query, "step"))
              .map(Answer::json)
              .orElseGet(() -> absent("the run has no such step"));
      case "samples" -> Answer.json(run.samples().list(number(query, "step")));
      case "sample" ->
          run.samples()
              .one(
                  number(query, "step"),
                  (int) number(query, "group"),
                  (int) number(query, "response"))
              .map(Answer::json)
              .orElseGet(() -> absent("this response is not kept any more"));
      default -> absent("nothing is known of a run's " + what);
    };
  }

  /** The parameters of a query; of those that come twice the last. */
  private static Map<String, String> query(String raw) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      if (parts.length == 2) {
        parameters.put(
            URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
            URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private static long number(Map<String, String> query, String name) {
    return Long.parseLong(query.getOrDefault(name, ""));
  }

  private static Answer absent(String reason) {
    return Answer.refusal(404, reason);
  }

  /** What the page is drawn from before it hears of steps. */
  private ObjectNode page() {
    ObjectNode json = ReportJson.MAPPER.createObjectNode();
    ArrayNode labels = json.putArray("runs");
    runs.forEach(run -> labels.add(run.label()));
    ObjectNode glossary = json.putObject("glossary");
    for (Glossary.Section section : Glossary.Section.values()) {
      ObjectNode names = glossary.putObject(section.name().toLowerCase(Locale.ROOT));
      for (Glossary.Entry entry : Glossary.of(section)) {
        names
            .putObject(entry.name())
            .put("unit", entry.unit())
            .put("definition", entry.definition());
      }
    }
    return json;
  }
}
