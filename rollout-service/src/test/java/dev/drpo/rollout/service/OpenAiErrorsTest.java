package dev.drpo.rollout.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.service.callers.CallerRefusedException;
import dev.drpo.service.callers.Callers;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers are told who may not ask, or not now. */
class OpenAiErrorsTest {
  private static final String TOKEN = "Bearer 0123456789abcdef";

  @TempDir Path folder;

  @Test
  void whoIsNotKnownIsAskedForAToken() throws IOException {
    Callers callers = callers();
    Response refusal = refusal(() -> callers.begin(null, "10.0.0.1"));
    assertThat(refusal.getStatus()).isEqualTo(401);
    assertThat(refusal.getHeaderString("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(refusal.getEntity().toString())
        .contains("\"code\":\"invalid_api_key\"", "Authorization: Bearer TOKEN");
  }

  @Test
  void whoAsksTooOftenIsToldWhenToAskAgain() throws IOException {
    Callers callers = callers();
    callers.begin(TOKEN, "10.0.0.1").request(1);
    Response refusal = refusal(() -> callers.begin(TOKEN, "10.0.0.1").request(1));
    assertThat(refusal.getStatus()).isEqualTo(429);
    assertThat(Integer.parseInt(refusal.getHeaderString("Retry-After"))).isBetween(1, 100);
    assertThat(refusal.getEntity().toString())
        .contains("\"code\":\"rate_limit_exceeded\"", "ada sends more than 0.01");
  }

  private Callers callers() throws IOException {
    Path tokens = Files.writeString(folder.resolve("tokens"), "ada 0123456789abcdef\n");
    return new Callers(
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of("callers.tokens", tokens.toString(), "callers.requests-per-second", "0.01")));
  }

  private static Response refusal(ThrowingCallable request) {
    return new OpenAiErrors().refused(catchThrowableOfType(CallerRefusedException.class, request));
  }
}
