package dev.drpo.learner.service;

import dev.drpo.proto.externalscaler.ExternalScalerGrpc;
import dev.drpo.proto.externalscaler.GetMetricSpecResponse;
import dev.drpo.proto.externalscaler.GetMetricsRequest;
import dev.drpo.proto.externalscaler.GetMetricsResponse;
import dev.drpo.proto.externalscaler.IsActiveResponse;
import dev.drpo.proto.externalscaler.MetricSpec;
import dev.drpo.proto.externalscaler.MetricValue;
import dev.drpo.proto.externalscaler.ScaledObjectRef;
import dev.drpo.runtime.messaging.QueueBacklog;
import dev.drpo.service.ReadableRequests;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Tells KEDA how many prompts wait for rollout replicas or are with them, since KEDA reads the lag
 * of consumer groups and not of share groups. The trigger's metadata has {@code prompts}: how many
 * of them one replica should have. While the broker does not answer, nor does this, so that the
 * number of replicas stays.
 */
@GrpcService
public class ScalerEndpoint implements BindableService, ExternalScalerGrpc.AsyncService {
  static final String METRIC = "drpo-prompts";
  static final String TARGET = "prompts";

  private final PromptLag lag;

  ScalerEndpoint(PromptLag lag) {
    this.lag = lag;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ReadableRequests.of(ExternalScalerGrpc.bindService(this));
  }

  @Override
  public void isActive(ScaledObjectRef object, StreamObserver<IsActiveResponse> answer) {
    tell(answer, prompts -> IsActiveResponse.newBuilder().setResult(prompts > 0).build());
  }

  @Override
  public void getMetricSpec(ScaledObjectRef object, StreamObserver<GetMetricSpecResponse> answer) {
    try {
      answer.onNext(
          GetMetricSpecResponse.newBuilder()
              .addMetricSpecs(
                  MetricSpec.newBuilder()
                      .setMetricName(METRIC)
                      .setTargetSize(target(object.getScalerMetadataMap())))
              .build());
      answer.onCompleted();
    } catch (StatusRuntimeException e) {
      answer.onError(e);
    }
  }

  private static int target(Map<String, String> metadata) {
    String target = metadata.getOrDefault(TARGET, "");
    if (!target.matches("[1-9]\\d{0,8}")) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              "the trigger's metadata has %s: %s; it must be a whole number of prompts for each replica, 1 or more"
                  .formatted(TARGET, target.isEmpty() ? "nothing" : target))
          .asRuntimeException();
    }
    return Integer.parseInt(target);
  }

  @Override
  public void getMetrics(GetMetricsRequest request, StreamObserver<GetMetricsResponse> answer) {
    tell(
        answer,
        prompts ->
            GetMetricsResponse.newBuilder()
                .addMetricValues(
                    MetricValue.newBuilder().setMetricName(METRIC).setMetricValue(prompts))
                .build());
  }

  /** On a thread of its own, which waits for the broker. */
  private <A> void tell(StreamObserver<A> answer, LongFunction<A> of) {
    Thread.ofVirtual()
        .name("prompt-lag")
        .start(
            () -> {
              try {
                answer.onNext(of.apply(prompts()));
                answer.onCompleted();
              } catch (StatusRuntimeException e) {
                answer.onError(e);
              }
            });
  }

  private long prompts() {
    try {
      return switch (lag.ask()) {
        case QueueBacklog.Answer.Open open -> open.records();
        case QueueBacklog.Answer.Away _ ->
            throw Status.UNAVAILABLE
                .withDescription("the broker does not answer; ask again")
                .asRuntimeException();
        case QueueBacklog.Answer.Untold untold ->
            throw Status.FAILED_PRECONDITION
                .withDescription("the broker does not tell the prompts' lag: " + untold.reason())
                .asRuntimeException();
      };
    } catch (InterruptedException e) {
      throw Status.CANCELLED.withDescription("the learner stops").asRuntimeException();
    }
  }
}
