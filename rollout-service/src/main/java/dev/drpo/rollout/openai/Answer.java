package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.generation.FinishReason;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The JSON that answers a request, in one or in pieces. One thread uses it. */
public final class Answer {
  private final AnswerFormat format;
  private final String model;
  private final Instant created;
  private final String id;
  private final Set<Choice> begun = new HashSet<>();

  private Answer(AnswerFormat format, String model, Instant created) {
    this.format = format;
    this.model = model;
    this.created = created;
    this.id = format.idPrefix() + UUID.randomUUID();
  }

  /** Answers a completion. */
  public static Answer completion(String model, Instant created) {
    return new Answer(new CompletionFormat(), model, created);
  }

  /** Answers a chat completion. */
  public static Answer chat(String model, Instant created) {
    return new Answer(new ChatFormat(), model, created);
  }

  /**
   * Waits for all responses.
   *
   * @throws ApiException if the engine stops
   */
  public ObjectNode whole(ChoiceSampling sampling) throws InterruptedException {
    while (!sampling.advance().isEmpty()) {
      // Only the end is told.
    }
    ObjectNode answer = envelope(format.object());
    ArrayNode choices = answer.putArray("choices");
    for (Choice choice : sampling.choices()) {
      Piece text = choice.take();
      ObjectNode entry = choices.addObject().put("index", choice.index());
      format.whole(entry, text);
      close(entry, choice, text, sampling.request());
    }
    usage(answer, sampling);
    return answer;
  }

  /**
   * Tells the responses while they are sampled, each part in an object of its own.
   *
   * @throws ApiException if the engine stops
   */
  public void stream(ChoiceSampling sampling, Consumer<ObjectNode> chunks)
      throws InterruptedException {
    for (Set<Choice> changed = sampling.advance();
        !changed.isEmpty();
        changed = sampling.advance()) {
      for (Choice choice : changed) {
        tell(choice, sampling.request(), chunks);
      }
    }
    if (sampling.request().streamUsage()) {
      ObjectNode last = envelope(format.chunkObject());
      last.putArray("choices");
      usage(last, sampling);
      chunks.accept(last);
    }
  }

  private void tell(Choice choice, CompletionRequest request, Consumer<ObjectNode> chunks) {
    Piece text = choice.take();
    if (text.isEmpty() && choice.end().isEmpty()) {
      return;
    }
    ObjectNode chunk = envelope(format.chunkObject());
    ObjectNode entry = chunk.putArray("choices").addObject().put("index", choice.index());
    format.part(entry, text, begun.add(choice));
    close(entry, choice, text, request);
    chunks.accept(chunk);
  }

  private ObjectNode envelope(String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created.getEpochSecond())
        .put("model", model);
  }

  private void close(ObjectNode entry, Choice choice, Piece text, CompletionRequest request) {
    if (request.logProbabilities()) {
      format.logProbabilities(entry, text);
    } else {
      entry.putNull("logprobs");
    }
    entry.put("finish_reason", choice.end().map(Answer::reason).orElse(null));
  }

  private static String reason(FinishReason end) {
    return switch (end) {
      case STOP -> "stop";
      case LENGTH -> "length";
    };
  }

  private static void usage(ObjectNode answer, ChoiceSampling sampling) {
    int prompt = sampling.request().promptTokens();
    int completion = sampling.choices().stream().mapToInt(Choice::sampled).sum();
    answer
        .putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completion)
        .put("total_tokens", prompt + completion);
  }
}
