package dev.drpo.rollout.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.rollout.RolloutReplica;
import dev.drpo.rollout.openai.Answer;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.rollout.openai.ChoiceSampling;
import dev.drpo.rollout.openai.CompletionRequest;
import dev.drpo.rollout.openai.RequestReader;
import dev.drpo.runtime.config.RunConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/**
 * Generation for tools that speak the OpenAI API. The run's id is the model's name. A caller that
 * leaves gives its slots back.
 */
@Singleton
class OpenAiRoutes {
  private static final Logger LOG = Logger.getLogger(OpenAiRoutes.class);

  private static final String MODELS = "/v1/models";
  private static final String JSON = "application/json";

  /**
   * Room for several prompts as long as any context, and below the limit from which on Quarkus
   * closes connections without a word.
   */
  private static final int LARGEST_BODY = 8 << 20;

  private static final int TOO_LARGE = 413;

  private final RolloutLifecycle lifecycle;
  private final InstantSource clock;
  private final String model;
  private final Instant started;
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("openai-", 0).factory());

  OpenAiRoutes(RolloutLifecycle lifecycle, RunConfig configuration, InstantSource clock) {
    this.lifecycle = lifecycle;
    this.clock = clock;
    this.model = configuration.run().id();
    this.started = clock.instant();
  }

  @PreDestroy
  void stop() {
    workers.shutdownNow();
  }

  void add(@Observes Router router) {
    router
        .route(MODELS)
        .handler(request -> requireMethod(request, HttpMethod.GET))
        .handler(request -> new HttpCall(request).send(200, models()));
    router
        .route(MODELS + "/:model")
        .handler(request -> requireMethod(request, HttpMethod.GET))
        .handler(this::model);
    completions(router, "/v1/completions", RequestReader::completion, Answer::completion);
    completions(router, "/v1/chat/completions", RequestReader::chat, Answer::chat);
    router
        .route("/v1/*")
        .last()
        .handler(request -> refuse(request, ApiException.unknownPath(request.normalizedPath())));
  }

  private void completions(
      Router router,
      String path,
      BiFunction<RequestReader, byte[], CompletionRequest> reading,
      BiFunction<String, Instant, Answer> format) {
    router
        .route(path)
        .handler(request -> requireMethod(request, HttpMethod.POST))
        .handler(OpenAiRoutes::requireJson);
    router
        .route(path)
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
        .handler(request -> answer(request, reading, format))
        .failureHandler(OpenAiRoutes::fail);
  }

  private static void requireMethod(RoutingContext request, HttpMethod method) {
    if (request.request().method().equals(method)) {
      request.next();
    } else {
      request.response().putHeader(HttpHeaders.ALLOW, method.name());
      refuse(request, ApiException.wrongMethod(request.request().method().name(), method.name()));
    }
  }

  private static void requireJson(RoutingContext request) {
    String type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON)) {
      request.next();
    } else {
      refuse(request, ApiException.notJson(type));
    }
  }

  private static void fail(RoutingContext request) {
    if (request.statusCode() == TOO_LARGE) {
      refuse(request, ApiException.tooLarge(LARGEST_BODY));
    } else {
      LOG.error("a request failed", request.failure());
      refuse(request, ApiException.internal());
    }
  }

  private static void refuse(RoutingContext request, ApiException error) {
    new HttpCall(request).refuse(error);
  }

  private void answer(
      RoutingContext request,
      BiFunction<RequestReader, byte[], CompletionRequest> reading,
      BiFunction<String, Instant, Answer> format) {
    HttpCall call = new HttpCall(request);
    byte[] body =
        request.body().buffer() == null ? new byte[0] : request.body().buffer().getBytes();
    workers.execute(
        () -> {
          try {
            RolloutReplica replica = replica();
            RequestReader reader =
                new RequestReader(model, replica.tokenizer(), replica.engine().limits());
            CompletionRequest wanted = reading.apply(reader, body);
            sample(replica, wanted, format.apply(model, clock.instant()), call);
          } catch (ApiException e) {
            call.refuse(e);
          } catch (InterruptedException e) {
            call.refuse(ApiException.unavailable("this replica is stopping; ask another one"));
          } catch (Throwable e) {
            // Whatever it is, a caller must not be left waiting.
            LOG.error("a request failed", e);
            call.refuse(ApiException.internal());
          }
        });
  }

  private static void sample(
      RolloutReplica replica, CompletionRequest wanted, Answer answer, HttpCall call)
      throws InterruptedException {
    ChoiceSampling sampling = ChoiceSampling.start(replica.engine(), replica.tokenizer(), wanted);
    try {
      call.whenEnded(sampling::cancel);
      if (wanted.stream()) {
        answer.stream(sampling, call::sendEvent);
        call.endEvents();
      } else {
        call.send(200, answer.whole(sampling));
      }
    } finally {
      sampling.cancel();
    }
  }

  private RolloutReplica replica() {
    return lifecycle
        .replica()
        .orElseThrow(
            () ->
                ApiException.unavailable(
                    "no weights are loaded yet; try again when /q/health/ready is up"));
  }

  private void model(RoutingContext request) {
    String asked = request.pathParam("model");
    if (asked.equals(model)) {
      new HttpCall(request).send(200, model());
    } else {
      refuse(request, ApiException.unknownModel(asked, model));
    }
  }

  private ObjectNode models() {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    list.putArray("data").add(model());
    return list;
  }

  private ObjectNode model() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", model)
        .put("object", "model")
        .put("created", started.getEpochSecond())
        .put("owned_by", "drpo");
  }
}
