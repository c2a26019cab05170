package dev.drpo.learner.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.externalscaler.GetMetricsRequest;
import dev.drpo.proto.externalscaler.IsActiveResponse;
import dev.drpo.proto.externalscaler.ScaledObjectRef;
import dev.drpo.runtime.messaging.QueueBacklog.Answer;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The broker's answers are made up. */
class ScalerEndpointTest {
  private static final ScaledObjectRef ROLLOUT =
      ScaledObjectRef.newBuilder().setName("rollout").putScalerMetadata("prompts", "16").build();

  private static ScalerEndpoint endpoint(Answer answer) {
    return new ScalerEndpoint(
        new PromptLag(null) {
          @Override
          Answer ask() {
            return answer;
          }
        });
  }

  private static <Q, A> A call(BiConsumer<Q, StreamObserver<A>> method, Q request)
      throws Exception {
    CompletableFuture<A> answered = new CompletableFuture<>();
    method.accept(
        request,
        new StreamObserver<>() {
          private A answer;

          @Override
          public void onNext(A value) {
            answer = value;
          }

          @Override
          public void onError(Throwable failure) {
            answered.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {
            answered.complete(answer);
          }
        });
    return answered.get(1, TimeUnit.MINUTES);
  }

  @Test
  void whatWaitsIsTheMetric() throws Exception {
    ScalerEndpoint endpoint = endpoint(new Answer.Open(37));
    assertThat(
            call(
                    endpoint::getMetrics,
                    GetMetricsRequest.newBuilder().setScaledObjectRef(ROLLOUT).build())
                .getMetricValuesList())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getMetricName()).isEqualTo(ScalerEndpoint.METRIC);
              assertThat(it.getMetricValue()).isEqualTo(37);
            });
    assertThat(call(endpoint::isActive, ROLLOUT).getResult()).isTrue();
  }

  @Test
  void anEmptyQueueIsNoReasonToBeActive() throws Exception {
    IsActiveResponse answer = call(endpoint(new Answer.Open(0))::isActive, ROLLOUT);
    assertThat(answer.getResult()).isFalse();
  }

  @Test
  void theTriggerSaysHowManyPromptsAReplicaShouldHave() throws Exception {
    assertThat(call(endpoint(new Answer.Away())::getMetricSpec, ROLLOUT).getMetricSpecsList())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getMetricName()).isEqualTo(ScalerEndpoint.METRIC);
              assertThat(it.getTargetSize()).isEqualTo(16);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-3", "many", "99999999999"})
  void aTargetThatCanNotBeHonouredIsRefused(String target) {
    ScaledObjectRef object =
        ScaledObjectRef.newBuilder().putScalerMetadata("prompts", target).build();
    assertThatThrownBy(() -> call(endpoint(new Answer.Away())::getMetricSpec, object))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("prompts");
  }

  @Test
  void withoutTheBrokersAnswerThereIsNone() {
    assertThatThrownBy(() -> call(endpoint(new Answer.Away())::isActive, ROLLOUT))
        .hasMessageContaining("UNAVAILABLE");
    assertThatThrownBy(() -> call(endpoint(new Answer.Untold("no share group"))::isActive, ROLLOUT))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("no share group");
  }
}
