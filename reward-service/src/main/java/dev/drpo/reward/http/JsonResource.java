package dev.drpo.reward.http;

import com.google.protobuf.Message;
import dev.drpo.proto.reward.v1.EvaluateGroupRequest;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.ExplainRequest;
import dev.drpo.reward.call.Admission;
import dev.drpo.reward.call.Workers;
import dev.drpo.reward.evaluation.Evaluations;
import dev.drpo.runtime.config.RunConfig;
import io.grpc.Context;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The judge for callers without gRPC: the same messages in protobuf's JSON mapping. What is not 200
 * is a {@link JsonRefusals refusal}.
 */
@Path("/v1")
@RunOnVirtualThread
public class JsonResource {
  static final String JSON = "application/json";

  private final Evaluations evaluations;
  private final Admission admission;
  private final Workers workers;
  private final int largestBody;

  JsonResource(
      Evaluations evaluations,
      Admission admission,
      Workers workers,
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int largestBody,
      RunConfig configuration) {
    this.evaluations = evaluations;
    this.admission = admission;
    this.workers = workers;
    this.largestBody = configuration.callers().requestBytes(largestBody);
  }

  @POST
  @Path("evaluate")
  public Response evaluate(InputStream body, RoutingContext http) throws Exception {
    return answer(http, body, EvaluateRequest.getDefaultInstance(), evaluations::evaluate);
  }

  @POST
  @Path("evaluate-group")
  public Response evaluateGroup(InputStream body, RoutingContext http) throws Exception {
    return answer(
        http, body, EvaluateGroupRequest.getDefaultInstance(), evaluations::evaluateGroup);
  }

  @POST
  @Path("explain")
  public Response explain(InputStream body, RoutingContext http) throws Exception {
    return answer(http, body, ExplainRequest.getDefaultInstance(), evaluations::explain);
  }

  private <T extends Message> Response answer(
      RoutingContext http, InputStream body, T empty, Function<T, Message> work) throws Exception {
    Context.CancellableContext call = open(http);
    // A body that is refused is read on to its end when it is closed, for its caller to listen.
    try (body;
        Admission.Charge charge = admission.admit()) {
      String type = http.request().getHeader(HttpHeaders.CONTENT_TYPE);
      if (!isJson(type)) {
        return JsonRefusals.wrongType(type);
      }
      T request = JsonRequest.parse(JsonBody.read(body, charge, largestBody), empty);
      return reply(200, call.call(() -> work.apply(request)));
    } finally {
      call.cancel(null);
    }
  }

  /** The context of a call, which ends with the caller's patience and when the caller leaves. */
  private Context.CancellableContext open(RoutingContext http) {
    Context.CancellableContext call =
        TimeoutHeader.parse(http.request().getHeader(TimeoutHeader.NAME))
            .map(deadline -> Context.current().withDeadline(deadline, workers.timers()))
            .orElseGet(() -> Context.current().withCancellation());
    // The request's handlers belong to its event loop.
    Vertx.currentContext()
        .runOnContext(
            ignored -> {
              if (http.response().closed()) {
                call.cancel(null);
              } else {
                http.addEndHandler(end -> call.cancel(null));
              }
            });
    return call;
  }

  private static boolean isJson(String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON);
  }

  static Response reply(int status, Message message) {
    return Response.status(status).type(JSON).entity(JsonAnswer.of(message) + "\n").build();
  }
}
