package dev.drpo.rollout.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.rollout.RolloutReplica;
import dev.drpo.rollout.engineapi.EngineControl;
import dev.drpo.rollout.engineapi.TokenSampling;
import dev.drpo.rollout.openai.Answer;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.rollout.openai.ChoiceSampling;
import dev.drpo.rollout.openai.CompletionRequest;
import dev.drpo.rollout.openai.RequestReader;
import dev.drpo.runtime.config.RunConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/**
 * Generation for tools that speak the OpenAI API. The run's id is the model's name. A caller that
 * leaves gives its slots back. Each request has a virtual thread, which is all that a caller who
 * reads slowly holds up.
 */
@Path("/v1")
@Singleton
@RunOnVirtualThread
public class OpenAiResource {
  private static final Logger LOG = Logger.getLogger(OpenAiResource.class);

  /**
   * Room for several prompts as long as any context, and below the limit from which on Quarkus
   * closes connections without a word.
   */
  private static final int LARGEST_BODY = 8 << 20;

  private final RolloutLifecycle lifecycle;
  private final InstantSource clock;
  private final String model;
  private final int largestBody;
  private final Instant started;

  OpenAiResource(RolloutLifecycle lifecycle, RunConfig configuration, InstantSource clock) {
    this.lifecycle = lifecycle;
    this.clock = clock;
    this.model = configuration.run().id();
    this.largestBody = configuration.callers().requestBytes(LARGEST_BODY);
    this.started = clock.instant();
  }

  /** The one model that is served here. */
  @GET
  @Path("/models")
  public Response models() {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    list.putArray("data").add(servedModel());
    return json(list);
  }

  /** The model, if it is the one that is asked for. */
  @GET
  @Path("/models/{model}")
  public Response model(@PathParam("model") String asked) {
    if (!asked.equals(model)) {
      throw ApiException.unknownModel(asked, model);
    }
    return json(servedModel());
  }

  /** Goes on with texts. */
  @POST
  @Path("/completions")
  public Response complete(
      @Context HttpHeaders headers, @Context RoutingContext call, InputStream body) {
    return answer(read(headers, body), call, RequestReader::completion, Answer::completion);
  }

  /** Goes on with a conversation. */
  @POST
  @Path("/chat/completions")
  public Response chat(
      @Context HttpHeaders headers, @Context RoutingContext call, InputStream body) {
    return answer(read(headers, body), call, RequestReader::chat, Answer::chat);
  }

  private byte[] read(HttpHeaders headers, InputStream body) {
    String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
    if (type == null
        || !type.split(";", 2)[0]
            .strip()
            .toLowerCase(Locale.ROOT)
            .equals(MediaType.APPLICATION_JSON)) {
      throw ApiException.notJson(type);
    }
    try {
      byte[] read = headers.getLength() > largestBody ? null : body.readNBytes(largestBody + 1);
      if (read == null || read.length > largestBody) {
        throw ApiException.tooLarge(largestBody);
      }
      return read;
    } catch (IOException e) {
      // Only a caller that leaves before it has sent everything, and then nobody hears this.
      throw ApiException.invalid(null, "the body ended early: %s", e.getMessage());
    }
  }

  private Response answer(
      byte[] body,
      RoutingContext call,
      BiFunction<RequestReader, byte[], CompletionRequest> reading,
      BiFunction<String, Instant, Answer> format) {
    try {
      RolloutReplica replica = replica();
      RequestReader reader =
          new RequestReader(
              model, replica.tokenizer(), replica.engine().limits(), replica.control().isPresent());
      CompletionRequest wanted = reading.apply(reader, body);
      if (wanted.tokens()) {
        return tokens(replica.control().orElseThrow(), wanted, call);
      }
      Answer answer = format.apply(model, clock.instant());
      ChoiceSampling sampling = ChoiceSampling.start(replica.engine(), replica.tokenizer(), wanted);
      call.addEndHandler(ended -> sampling.cancel());
      if (call.response().closed()) {
        sampling.cancel();
      }
      if (wanted.stream()) {
        return Response.ok(new EventStream(sampling, answer), EventStream.TYPE)
            .header(HttpHeaders.CACHE_CONTROL, "no-cache")
            .build();
      }
      return json(answer.whole(sampling));
    } catch (ApiException e) {
      throw e;
    } catch (InterruptedException e) {
      throw ApiException.unavailable("this replica is stopping; ask another one");
    } catch (RuntimeException | Error e) {
      LOG.error("a request failed", e);
      throw ApiException.internal();
    }
  }

  private Response tokens(EngineControl control, CompletionRequest wanted, RoutingContext call)
      throws InterruptedException {
    TokenSampling sampling = control.begin(wanted);
    call.addEndHandler(ended -> sampling.cancel());
    if (call.response().closed()) {
      sampling.cancel();
    }
    return json(control.answer(sampling, model, clock.instant()));
  }

  private static Response json(ObjectNode body) {
    return Response.ok(body + "\n", MediaType.APPLICATION_JSON).build();
  }

  private RolloutReplica replica() {
    return lifecycle
        .replica()
        .orElseThrow(
            () ->
                ApiException.unavailable(
                    "no weights are loaded yet; try again when /q/health/ready is up"));
  }

  private ObjectNode servedModel() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", model)
        .put("object", "model")
        .put("created", started.getEpochSecond())
        .put("owned_by", "drpo");
  }
}
