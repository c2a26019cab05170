package dev.drpo.cli.quickstart;

import dev.drpo.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Prometheus metrics of a rollout replica.
 *
 * @param uri where the replica serves them
 */
record ReplicaMetrics(URI uri) {
  private static final Pattern LISTENING = Pattern.compile("Listening on: (http://\\S+:\\d+)");
  private static final Pattern LIVE_RESPONSES =
      Pattern.compile("(?m)^drpo_rollout_rows_live(?:\\{.*})? ([0-9.]+)$");

  /** Those of the replica that writes a log. */
  static ReplicaMetrics of(Path log) throws IOException {
    Matcher line = LISTENING.matcher(Files.readString(log));
    if (!line.find()) {
      throw new AssertionError(log + " does not tell where the replica listens");
    }
    return new ReplicaMetrics(URI.create(line.group(1) + "/q/metrics"));
  }

  /** Waits until the replica decodes responses. */
  void awaitLiveResponses() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      Await.until("live responses", () -> liveResponses(client) > 0);
    }
  }

  private double liveResponses(HttpClient client) throws IOException, InterruptedException {
    String metrics =
        client
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    Matcher line = LIVE_RESPONSES.matcher(metrics);
    if (!line.find()) {
      throw new AssertionError(uri + " has no drpo_rollout_rows_live:\n" + metrics);
    }
    return Double.parseDouble(line.group(1));
  }
}
