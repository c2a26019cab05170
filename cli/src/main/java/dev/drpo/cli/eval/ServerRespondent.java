package dev.drpo.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.policy.sampler.CounterRandom;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * A server of OpenAI's chat completions. Each request has a seed of its own, so that a server whose
 * responses are a function of it samples none twice, and samples the same ones again.
 */
final class ServerRespondent implements Respondent {
  private final OpenAiClient client;
  private final String model;
  private final SamplerSettings sampler;
  private final int perRequest;
  private final int concurrency;
  private final Semaphore requests;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Over a client, which it closes.
   *
   * @param concurrency requests at once
   * @param perRequest samples that one request asks for
   */
  ServerRespondent(
      OpenAiClient client, String model, SamplerSettings sampler, int concurrency, int perRequest) {
    this.client = client;
    this.model = model;
    this.sampler = sampler;
    this.concurrency = concurrency;
    this.perRequest = Math.min(perRequest, sampler.samples());
    this.requests = new Semaphore(concurrency);
  }

  @Override
  public CompletableFuture<List<Response>> ask(Problem problem) {
    List<CompletableFuture<List<Response>>> parts = new ArrayList<>();
    for (int first = 0; first < sampler.samples(); first += perRequest) {
      int from = first;
      int count = Math.min(perRequest, sampler.samples() - from);
      parts.add(CompletableFuture.supplyAsync(() -> request(problem, from, count), threads));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(_ -> parts.stream().flatMap(part -> part.join().stream()).toList());
  }

  private List<Response> request(Problem problem, int first, int count) {
    try {
      requests.acquire();
      try {
        return responses(client.chat(body(problem, first, count)), count);
      } finally {
        requests.release();
      }
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  private ObjectNode body(Problem problem, int first, int count) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", model);
    ArrayNode messages = body.putArray("messages");
    for (ChatMessage message : problem.messages()) {
      messages.addObject().put("role", message.role()).put("content", message.content());
    }
    body.put("temperature", sampler.temperature()).put("top_p", sampler.topP());
    body.put("max_tokens", sampler.maxTokens());
    // Some servers take seeds of 32 bits alone.
    long seed = CounterRandom.hash(sampler.seed() + " " + first) & Integer.MAX_VALUE;
    body.put("seed", seed);
    if (count > 1) {
      body.put("n", count).put("logprobs", true);
    }
    return body;
  }

  private static List<Response> responses(JsonNode answer, int count) {
    JsonNode choices = answer.path("choices");
    if (choices.size() != count) {
      throw new ServerFailure(
          "the server gives %d choices where %d were asked for; %s"
              .formatted(
                  choices.size(),
                  count,
                  count > 1 ? "leave --per-request out" : "it must speak OpenAI's API"));
    }
    int total = answer.at("/usage/completion_tokens").asInt(-1);
    List<Response> responses = new ArrayList<>();
    int counted = 0;
    for (JsonNode choice : choices) {
      // Usage counts the tokens of all choices together.
      int length = count == 1 ? total : choice.at("/logprobs/content").size();
      counted += length;
      responses.add(
          new Response(
              text(choice.path("message")),
              new int[0],
              length,
              choice.path("finish_reason").asText().equals("length")));
    }
    if (total < 0 || counted != total) {
      throw new ServerFailure(
          total < 0
              ? "the server's answer lacks usage.completion_tokens, without which lengths are unknown"
              : "the server counts %d tokens, but gives log-probabilities for %d; leave --per-request out"
                  .formatted(total, counted));
    }
    return responses;
  }

  /** Servers that take reasoning out of the text give it beside it. */
  private static String text(JsonNode message) {
    String content = message.path("content").asText("");
    for (String key : List.of("reasoning_content", "reasoning")) {
      String reasoning = message.path(key).asText("");
      if (!reasoning.isEmpty()) {
        return "<think>" + reasoning + (content.isEmpty() ? "" : "</think>" + content);
      }
    }
    return content;
  }

  @Override
  public int problemsAtOnce() {
    return 1 + Math.ceilDiv(concurrency * perRequest, sampler.samples());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }
}
