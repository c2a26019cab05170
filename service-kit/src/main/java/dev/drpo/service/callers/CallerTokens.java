package dev.drpo.service.callers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.drpo.runtime.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The tokens by which callers are known: a file with a name, a space and a token on each line;
 * empty lines and those that begin with {@code #} say nothing. It is read again when it has
 * changed; while it is malformed, the tokens before hold. Safe for use by several threads.
 */
final class CallerTokens {
  private static final Logger LOG = Logger.getLogger(CallerTokens.class);
  private static final Pattern LINE = Pattern.compile("([A-Za-z0-9._-]+)\\s+([!-~]{16,})");
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path file;
  private final LongSupplier nanoTime;
  private List<Known> known;
  private State seen;
  private long lookedAt;

  /** A caller, and the digest of its token, so that all are compared over the same length. */
  private record Known(String name, byte[] digest) {}

  private record State(FileTime changed, long bytes) {}

  /**
   * Reads the tokens.
   *
   * @param nanoTime a clock that never jumps, in nanoseconds
   * @throws ConfigException if the file can't be read or has a line of another form
   */
  CallerTokens(Path file, LongSupplier nanoTime) {
    this.file = file;
    this.nanoTime = nanoTime;
    try {
      this.seen = state();
      this.known = read();
    } catch (IOException e) {
      throw unreadable(e);
    }
    this.lookedAt = nanoTime.getAsLong();
  }

  /** Whose token it is. How long that takes tells nothing about the tokens that there are. */
  Optional<String> nameOf(String token) {
    byte[] digest = digest(token);
    String found = null;
    for (Known one : current()) {
      if (MessageDigest.isEqual(one.digest(), digest)) {
        found = one.name();
      }
    }
    return Optional.ofNullable(found);
  }

  private synchronized List<Known> current() {
    long now = nanoTime.getAsLong();
    if (now - lookedAt >= LOOK_EVERY.toNanos()) {
      lookedAt = now;
      lookAgain();
    }
    return known;
  }

  private void lookAgain() {
    try {
      State state = state();
      if (!state.equals(seen)) {
        seen = state;
        known = read();
        LOG.infof("%s has changed: it names %d callers now", file, known.size());
      }
    } catch (IOException e) {
      LOG.warnf("%s; the tokens before hold", unreadable(e).getMessage());
    } catch (ConfigException e) {
      LOG.warnf("%s; the tokens before hold", e.getMessage());
    }
  }

  private State state() throws IOException {
    return new State(Files.getLastModifiedTime(file), Files.size(file));
  }

  private List<Known> read() throws IOException {
    List<Known> callers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Matcher form = LINE.matcher(line.strip());
      if (!form.matches() || !names.add(form.group(1))) {
        // Without the line, which may hold a token.
        throw new ConfigException(
            "callers.tokens is %s, whose line %d is malformed; write a name of its own, a space, and a token of 16 visible ASCII characters or more"
                .formatted(file, number));
      }
      callers.add(new Known(form.group(1), digest(form.group(2))));
    }
    if (callers.isEmpty()) {
      throw new ConfigException(
          "callers.tokens is %s, which names nobody; write a name and a token on each line, or leave the key out, which lets everybody call"
              .formatted(file));
    }
    return List.copyOf(callers);
  }

  private ConfigException unreadable(IOException failure) {
    return new ConfigException(
        "callers.tokens is %s, which can't be read (%s); name a file in UTF-8 that this user may read"
            .formatted(file, failure.getClass().getSimpleName()));
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
