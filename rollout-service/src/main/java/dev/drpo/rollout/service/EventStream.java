package dev.drpo.rollout.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.rollout.openai.Answer;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.rollout.openai.ChoiceSampling;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jboss.logging.Logger;

/**
 * An answer in server-sent events, while it is sampled. A write waits until the caller has room for
 * it, and what is sampled meanwhile comes in fewer and larger events.
 */
final class EventStream implements StreamingOutput {
  static final String TYPE = "text/event-stream";

  private static final Logger LOG = Logger.getLogger(EventStream.class);

  private final ChoiceSampling sampling;
  private final Answer answer;
  private boolean begun;

  EventStream(ChoiceSampling sampling, Answer answer) {
    this.sampling = sampling;
    this.answer = answer;
  }

  /**
   * Writes the events; an error is the last of them.
   *
   * @throws ApiException if sampling fails before the first
   */
  @Override
  public void write(OutputStream out) throws IOException {
    try {
      answer.stream(sampling, chunk -> write(out, chunk));
      write(out, "[DONE]");
    } catch (UncheckedIOException e) {
      // The caller has left.
      throw e.getCause();
    } catch (ApiException e) {
      fail(out, e);
    } catch (InterruptedException e) {
      fail(out, ApiException.unavailable("this replica is stopping; ask another one"));
    } catch (RuntimeException | Error e) {
      LOG.error("a request failed", e);
      fail(out, ApiException.internal());
    } finally {
      sampling.cancel();
    }
  }

  private void fail(OutputStream out, ApiException error) throws IOException {
    if (!begun) {
      throw error;
    }
    write(out, error.toJson().toString());
  }

  private void write(OutputStream out, JsonNode data) {
    try {
      write(out, data.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(OutputStream out, String data) throws IOException {
    begun = true;
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
