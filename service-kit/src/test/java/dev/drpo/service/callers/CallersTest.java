package dev.drpo.service.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.runtime.config.CallersConfig;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.service.callers.CallerRefusedException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallersTest {
  private static final String ADA = "Bearer 0123456789abcdef-ada";
  private static final String BOB = "Bearer 0123456789abcdef-bob";

  @TempDir Path folder;
  private long now;

  @Test
  void withoutLimitsEverybodyMayAskForAnything() {
    Callers callers = callers("", 0, 0, 0);
    for (int i = 0; i < 1000; i++) {
      callers.begin(null, "10.0.0.1").request(Integer.MAX_VALUE);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer 0123456789abcdef-eve",
        "Basic 0123456789abcdef-ada",
        "0123456789abcdef-ada"
      })
  void whoHasNoTokenOfTheFileIsNotKnown(String authorization) throws IOException {
    Callers callers = callers(tokens("ada 0123456789abcdef-ada\n"), 0, 0, 0);
    assertRefused(
        () -> callers.begin(authorization, "10.0.0.1"),
        Kind.UNKNOWN_CALLER,
        "Authorization: Bearer TOKEN",
        0);
    callers.begin(ADA, "10.0.0.1").close();
  }

  @Test
  void aFileThatChangesIsReadAgain() throws IOException {
    Path file = Path.of(tokens("ada 0123456789abcdef-ada\n"));
    Callers callers = callers(file.toString(), 0, 0, 0);
    write(file, "# only\n\nbob 0123456789abcdef-bob\n", 1);
    now += Duration.ofSeconds(1).toNanos();
    callers.begin(BOB, "10.0.0.1").close();
    assertRefused(() -> callers.begin(ADA, "10.0.0.1"), Kind.UNKNOWN_CALLER, "not known", 0);
    write(file, "a malformed line\n", 2);
    now += Duration.ofSeconds(1).toNanos();
    callers.begin(BOB, "10.0.0.1").close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada short\n",
        "ada\n",
        "ada 0123456789abcdef-ada more\n",
        "ada 0123456789abcdef-ada\nada 0123456789abcdef-two\n",
        "\n# nobody\n"
      })
  void aMalformedFileIsRefusedWithoutItsTokens(String content) throws IOException {
    String file = tokens(content);
    assertThatThrownBy(() -> callers(file, 0, 0, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("callers.tokens is " + file)
        .hasMessageNotContaining("0123456789abcdef")
        .hasMessageNotContaining("short");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> callers(folder.resolve("none").toString(), 0, 0, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("can't be read (NoSuchFileException)");
  }

  @Test
  void aRequestThatIsTooLargeIsNeverAnswered() {
    Callers.Call call = callers("", 100, 0, 0).begin(null, "10.0.0.1");
    call.request(100);
    assertRefused(() -> call.request(101), Kind.TOO_LARGE, "a request may have 100 bytes", 0);
  }

  @Test
  void eachCallerHasARate() throws IOException {
    Callers callers =
        callers(tokens("ada 0123456789abcdef-ada\nbob 0123456789abcdef-bob\n"), 0, 0.5, 0);
    callers.begin(ADA, "10.0.0.1").request(1);
    assertRefused(
        () -> callers.begin(ADA, "10.0.0.2").request(1),
        Kind.TOO_MUCH,
        "0.5 requests per second",
        2);
    callers.begin(BOB, "10.0.0.1").request(1);
    now += Duration.ofMillis(1500).toNanos();
    assertRefused(() -> callers.begin(ADA, "10.0.0.1").request(1), Kind.TOO_MUCH, "ada", 1);
    now += Duration.ofMillis(500).toNanos();
    callers.begin(ADA, "10.0.0.1").request(1);
  }

  @Test
  void requestsOfOneSecondMayComeAtOnce() {
    Callers callers = callers("", 0, 3, 0);
    now += Duration.ofMinutes(1).toNanos();
    for (int i = 0; i < 3; i++) {
      callers.begin(null, "10.0.0.1").request(1);
    }
    assertRefused(
        () -> callers.begin(null, "10.0.0.1").request(1), Kind.TOO_MUCH, "10.0.0.1 sends more", 1);
  }

  @Test
  void eachCallerHasSoManyRequestsUnderWay() {
    Callers callers = callers("", 0, 0, 2);
    Callers.Call first = callers.begin(null, "10.0.0.1");
    callers.begin(null, "10.0.0.1");
    assertRefused(() -> callers.begin(null, "10.0.0.1"), Kind.TOO_MUCH, "2 requests under way", 1);
    callers.begin(null, "10.0.0.2");
    first.close();
    first.close();
    callers.begin(null, "10.0.0.1");
    assertRefused(() -> callers.begin(null, "10.0.0.1"), Kind.TOO_MUCH, "2 requests under way", 1);
  }

  private Callers callers(String tokens, int bytes, double perSecond, int atOnce) {
    return new Callers(new CallersConfig(tokens, bytes, perSecond, atOnce), () -> now);
  }

  private String tokens(String content) throws IOException {
    return Files.writeString(folder.resolve("tokens"), content).toString();
  }

  /** A file system's time stamps may be coarser than a test. */
  private static void write(Path file, String content, int version) throws IOException {
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(version)));
  }

  private static void assertRefused(
      ThrowingCallable request, Kind kind, String reason, long retryAfterSeconds) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            CallerRefusedException.class,
            refused -> {
              assertThat(refused.kind()).isEqualTo(kind);
              assertThat(refused.retryAfterSeconds().orElse(0)).isEqualTo(retryAfterSeconds);
            })
        .hasMessageContaining(reason);
  }
}
