package dev.drpo.service.callers;

import dev.drpo.runtime.config.CallersConfig;
import dev.drpo.runtime.config.RunConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows who calls, and how much each has asked for. Callers are told apart by the names of their
 * tokens; where there are no tokens, by their addresses. Safe for use by several threads.
 */
@Singleton
public final class Callers {
  private static final Pattern BEARER = Pattern.compile("(?i)Bearer +(\\S+) *");

  /** Callers that are remembered, those of late; who is forgotten begins with a full bucket. */
  private static final int REMEMBERED = 10_000;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final CallersConfig limits;
  private final Optional<CallerTokens> tokens;
  private final LongSupplier nanoTime;
  private final Map<String, Caller> callers = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Caller {
    private final Bucket bucket;
    private int atOnce;

    Caller(Bucket bucket) {
      this.bucket = bucket;
    }
  }

  /**
   * As a run's configuration says.
   *
   * @throws dev.drpo.runtime.config.ConfigException if the tokens can't be read
   */
  @Inject
  public Callers(RunConfig configuration) {
    this(configuration.callers(), System::nanoTime);
  }

  /**
   * Has seen nobody yet.
   *
   * @param nanoTime a clock that never jumps, in nanoseconds
   * @throws dev.drpo.runtime.config.ConfigException if the tokens can't be read
   */
  Callers(CallersConfig limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.tokens =
        limits.tokens().isEmpty()
            ? Optional.empty()
            : Optional.of(new CallerTokens(Path.of(limits.tokens()), nanoTime));
  }

  /**
   * Lets a call begin.
   *
   * @param authorization the header of that name, or null
   * @param address of the caller, without its port
   * @throws CallerRefusedException if the caller is not known, or has too many calls under way
   */
  public Call begin(String authorization, String address) {
    Call call = new Call(tokens.map(known -> name(known, authorization)).orElse(address));
    call.enter();
    return call;
  }

  private static String name(CallerTokens known, String authorization) {
    if (authorization == null) {
      throw CallerRefusedException.unknown(
          "there is no token; send the header Authorization: Bearer TOKEN");
    }
    Matcher bearer = BEARER.matcher(authorization);
    return (bearer.matches() ? known.nameOf(bearer.group(1)) : Optional.<String>empty())
        .orElseThrow(
            () ->
                CallerRefusedException.unknown(
                    "the token is not known; send the header Authorization: Bearer TOKEN, with one"
                        + " that this service was given"));
  }

  private Caller caller(String name) {
    Caller caller =
        callers.computeIfAbsent(
            name, _ -> new Caller(new Bucket(limits.requestsPerSecond(), nanoTime.getAsLong())));
    if (callers.size() > REMEMBERED) {
      callers.values().stream()
          .filter(one -> one.atOnce == 0 && one != caller)
          .findFirst()
          .ifPresent(callers.values()::remove);
    }
    return caller;
  }

  /** A call under way, until it is closed. */
  public final class Call implements AutoCloseable {
    private final String name;
    private boolean isOpen;

    private Call(String name) {
      this.name = name;
    }

    private void enter() {
      synchronized (callers) {
        Caller caller = caller(name);
        if (limits.requestsAtOnce() > 0 && caller.atOnce >= limits.requestsAtOnce()) {
          throw CallerRefusedException.tooMuch(
              SOON,
              "%s has %d requests under way, as many as one caller may (callers.requests-at-once); wait for one to end"
                  .formatted(name, caller.atOnce));
        }
        caller.atOnce++;
        isOpen = true;
      }
    }

    /**
     * Counts a request of this call: a call has one, a stream several.
     *
     * @param bytes of the request, as far as they are known
     * @throws CallerRefusedException if it is too large, or comes too soon after others
     */
    public void request(long bytes) {
      if (limits.requestBytes() > 0 && bytes > limits.requestBytes()) {
        throw CallerRefusedException.tooLarge(limits.requestBytes());
      }
      if (limits.requestsPerSecond() == 0) {
        return;
      }
      synchronized (callers) {
        Duration wait = caller(name).bucket.take(nanoTime.getAsLong());
        if (!wait.isZero()) {
          throw CallerRefusedException.tooMuch(
              wait,
              "%s sends more than %s requests per second (callers.requests-per-second); send them slower"
                  .formatted(name, limits.requestsPerSecond()));
        }
      }
    }

    /** Ends the call; closing twice is harmless. */
    @Override
    public void close() {
      synchronized (callers) {
        if (isOpen) {
          isOpen = false;
          caller(name).atOnce--;
        }
      }
    }
  }
}
