package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigKeys.requireBounds;
import static dev.drpo.runtime.config.OnResume.FREE;

/** Who may have answers judged and sampled, and how much each. */
public record CallersConfig(
    @Key(
            byDefault = "",
            bounds = "a path, or empty",
            means =
                "File of those who may call, one on each line: a name, a space, and the token that"
                    + " they send as `Authorization: Bearer TOKEN`. Empty lets everybody call. It"
                    + " is read again when it changes.",
            onResume = FREE)
        String tokens,
    @Key(
            byDefault = "0",
            bounds = "0 (what the service takes from anybody) or more",
            means = "Most bytes of a request.",
            onResume = FREE)
        int requestBytes,
    @Key(
            byDefault = "0",
            bounds = "0 (no limit) or more, finite",
            means =
                "Requests per second of one caller, in the mean; those of one second may come at"
                    + " once. Each message of a stream counts.",
            onResume = FREE)
        double requestsPerSecond,
    @Key(
            byDefault = "0",
            bounds = "0 (no limit) or more",
            means = "Requests of one caller that are answered at once.",
            onResume = FREE)
        int requestsAtOnce) {

  public CallersConfig {
    requireBounds(requestBytes >= 0, "callers.request-bytes", requestBytes);
    requireBounds(
        requestsPerSecond >= 0 && Double.isFinite(requestsPerSecond),
        "callers.requests-per-second",
        requestsPerSecond);
    requireBounds(requestsAtOnce >= 0, "callers.requests-at-once", requestsAtOnce);
  }

  /**
   * The most bytes of a request.
   *
   * @param own what the service takes from anybody
   */
  public int requestBytes(int own) {
    return requestBytes == 0 ? own : Math.min(requestBytes, own);
  }
}
