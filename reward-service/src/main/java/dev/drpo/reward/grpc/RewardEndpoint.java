package dev.drpo.reward.grpc;

import dev.drpo.proto.reward.v1.EvaluateGroupRequest;
import dev.drpo.proto.reward.v1.EvaluateGroupResponse;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.EvaluateStreamResponse;
import dev.drpo.proto.reward.v1.ExplainRequest;
import dev.drpo.proto.reward.v1.ExplainResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.call.RefusedException;
import dev.drpo.reward.call.Workers;
import dev.drpo.reward.evaluation.Evaluations;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The judge over gRPC. Written against stream observers, since they alone give control over how
 * much is read from a caller who does not read.
 */
@GrpcService
class RewardEndpoint implements BindableService, RewardServiceGrpc.AsyncService {
  private final Evaluations evaluations;
  private final Workers workers;
  private final int largestMessage;

  RewardEndpoint(
      Evaluations evaluations,
      Workers workers,
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int largestMessage) {
    this.evaluations = evaluations;
    this.workers = workers;
    this.largestMessage = largestMessage;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ReadableRequests.of(RewardServiceGrpc.bindService(this), largestMessage);
  }

  @Override
  public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> out) {
    answer(out, () -> evaluations.evaluate(request));
  }

  @Override
  public void evaluateGroup(
      EvaluateGroupRequest request, StreamObserver<EvaluateGroupResponse> out) {
    answer(out, () -> evaluations.evaluateGroup(request));
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<ExplainResponse> out) {
    answer(out, () -> evaluations.explain(request));
  }

  @Override
  public StreamObserver<EvaluateRequest> evaluateStream(
      StreamObserver<EvaluateStreamResponse> out) {
    return EvaluationStream.open(
        (ServerCallStreamObserver<EvaluateStreamResponse>) out, workers, evaluations);
  }

  private <T> void answer(StreamObserver<T> out, Supplier<T> work) {
    // Without a handler, an answer to a caller who has left would be an exception.
    ((ServerCallStreamObserver<T>) out).setOnCancelHandler(() -> {});
    workers.execute(
        Context.current()
            .wrap(
                () -> {
                  T answer;
                  try {
                    answer = work.get();
                  } catch (Throwable failure) {
                    // Whatever it is, a caller must not be left waiting.
                    out.onError(RefusedException.of(failure).toStatus().asRuntimeException());
                    return;
                  }
                  out.onNext(answer);
                  out.onCompleted();
                }));
  }
}
