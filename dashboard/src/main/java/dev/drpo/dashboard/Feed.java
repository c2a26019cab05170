package dev.drpo.dashboard;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * What one reader of the page is told, as server-sent events: {@code steps} with the rows that it
 * does not have, and {@code state}, {@code evaluations} and {@code samples} when they change. Each
 * event's id says which rows the reader then has, so that one whose connection broke goes on where
 * it was; to a process that was started anew it comes as for the first time.
 *
 * <p>Not thread-safe: each connection has its own.
 */
public final class Feed {
  /** How long a server waits from one {@link #next} to the next. */
  public static final Duration PACE = Duration.ofSeconds(1);

  /** Silence after which something is sent, so that a reader who has left is noticed. */
  private static final int MOST_SILENT_CALLS = 15;

  private final Dashboard dashboard;
  private final int[] rows;
  private final int[] generations;
  private final String[] states;
  private final String[] evaluations;
  private final String[] samples;
  private int silence;

  Feed(Dashboard dashboard, Optional<String> lastEventId) {
    this.dashboard = dashboard;
    int count = dashboard.runs().size();
    rows = new int[count];
    generations = new int[count];
    states = new String[count];
    evaluations = new String[count];
    samples = new String[count];
    Arrays.fill(generations, -1);
    lastEventId.ifPresent(this::goOn);
  }

  /** Takes up the rows that an event's id tells of, if this process has sent it. */
  private void goOn(String id) {
    String[] parts = id.split(";", -1);
    if (parts.length != rows.length + 1 || !parts[0].equals(dashboard.life())) {
      return;
    }
    for (int run = 0; run < rows.length; run++) {
      if (!parts[run + 1].matches("\\d{1,9}:\\d{1,9}")) {
        return;
      }
      String[] place = parts[run + 1].split(":", -1);
      generations[run] = Integer.parseInt(place[0]);
      rows[run] = Integer.parseInt(place[1]);
    }
  }

  private String id() {
    StringBuilder id = new StringBuilder(dashboard.life());
    for (int run = 0; run < rows.length; run++) {
      id.append(';').append(Math.max(0, generations[run])).append(':').append(rows[run]);
    }
    return id.toString();
  }

  /** The events since the last call; empty if nothing has happened. */
  public String next() throws IOException {
    StringBuilder events = new StringBuilder();
    for (int run = 0; run < rows.length; run++) {
      WatchedRun of = dashboard.runs().get(run);
      steps(events, run, of);
      changed(events, "state", run, states, Json.text(of.state()));
      changed(events, "evaluations", run, evaluations, Json.text(of.evaluations()));
      changed(events, "samples", run, samples, Json.text(of.samples().steps()));
    }
    silence = events.isEmpty() ? silence + 1 : 0;
    if (silence >= MOST_SILENT_CALLS) {
      silence = 0;
      return ":\n\n";
    }
    return events.toString();
  }

  private void steps(StringBuilder events, int run, WatchedRun of) throws IOException {
    Optional<WatchedRun.Steps> news = of.steps(rows[run], generations[run]);
    if (news.isPresent()) {
      rows[run] = news.get().rows();
      generations[run] = news.get().generation();
      event(events, "steps", run, news.get().json());
    }
  }

  private void changed(StringBuilder events, String kind, int run, String[] told, String json) {
    if (!json.equals(told[run])) {
      told[run] = json;
      event(events, kind, run, json);
    }
  }

  private void event(StringBuilder events, String kind, int run, String json) {
    events
        .append("event: ")
        .append(kind)
        .append("\nid: ")
        .append(id())
        .append("\ndata: {\"run\":")
        .append(run)
        .append(",\"is\":")
        .append(json)
        .append("}\n\n");
  }
}
