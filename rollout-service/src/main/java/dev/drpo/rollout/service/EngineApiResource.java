package dev.drpo.rollout.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.rollout.RolloutReplica;
import dev.drpo.rollout.engineapi.ControlRequest;
import dev.drpo.rollout.engineapi.EngineControl;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.runtime.config.RunConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * Administration by another process whose engine this one is, under the paths of vLLM. There is
 * nothing at them unless {@code rollout.engine-api} is on.
 */
@Path("/")
@Singleton
@RunOnVirtualThread
public class EngineApiResource {
  private final RolloutLifecycle lifecycle;
  private final boolean on;

  EngineApiResource(RolloutLifecycle lifecycle, RunConfig configuration) {
    this.lifecycle = lifecycle;
    this.on = configuration.rollout().engineApi();
  }

  /** Whether it samples. */
  @GET
  @Path("/health")
  public Response health() {
    EngineControl control = control();
    return json(object().put("weight_version", control.label()));
  }

  /** The label of the weights in use. */
  @GET
  @Path("/weight_info")
  public Response weights() {
    return json(object().put("weight_version", control().label()));
  }

  /**
   * Has what comes wait; answers when nothing runs any more.
   *
   * @param mode wait for what runs, or abort: it is answered with what it has
   */
  @POST
  @Path("/pause")
  public Response pause(@QueryParam("mode") String mode) throws InterruptedException {
    EngineControl control = control();
    switch (mode == null ? "abort" : mode) {
      case "wait" -> control.pause(false);
      case "abort" -> control.pause(true);
      default -> throw ApiException.invalid("mode", "mode is %s; it must be wait or abort", mode);
    }
    return json(object().put("status", "paused"));
  }

  /** Ends a pause. */
  @POST
  @Path("/resume")
  public Response resume() {
    control().resume();
    return json(object().put("status", "resumed"));
  }

  /** Of the calls of an engine's workers, the one that loads weights. */
  @POST
  @Path("/collective_rpc")
  public Response call(byte[] body) throws InterruptedException {
    EngineControl control = control();
    control.load(ControlRequest.weightsPath(body));
    ObjectNode answer = object();
    answer.putArray("results").addNull();
    return json(answer);
  }

  /** Labels the weights in use. */
  @POST
  @Path("/update_weight_version")
  public Response label(byte[] body) {
    EngineControl control = control();
    control.label(ControlRequest.version(body));
    return json(object().put("success", true));
  }

  /** Answers requests with what they have. */
  @POST
  @Path("/abort_requests")
  public Response abort(byte[] body) {
    EngineControl control = control();
    control.cut(ControlRequest.requestIds(body));
    return json(object().put("success", true));
  }

  private EngineControl control() {
    if (!on) {
      throw new NotFoundException();
    }
    return lifecycle
        .replica()
        .flatMap(RolloutReplica::control)
        .orElseThrow(
            () ->
                ApiException.unavailable(
                    "no weights are loaded yet; try again when /q/health/ready is up"));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static Response json(ObjectNode body) {
    return Response.ok(body + "\n", MediaType.APPLICATION_JSON).build();
  }
}
