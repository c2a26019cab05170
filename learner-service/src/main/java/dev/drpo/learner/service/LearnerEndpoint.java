package dev.drpo.learner.service;

import com.google.common.collect.Iterators;
import dev.drpo.learner.run.RunStatus;
import dev.drpo.learner.weights.Snapshot;
import dev.drpo.learner.weights.SnapshotReader;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.GetStatusRequest;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.proto.learner.v1.WeightChunk;
import dev.drpo.service.ReadableRequests;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.io.IOException;
import java.util.Iterator;
import org.jboss.logging.Logger;

/**
 * Tells where the run stands and serves the policy's weights. Each transfer of weights has a
 * virtual thread, which reads the file and waits for the caller.
 */
@GrpcService
public class LearnerEndpoint implements BindableService, LearnerServiceGrpc.AsyncService {
  private static final Logger LOG = Logger.getLogger(LearnerEndpoint.class);

  private final RunStatus status;
  private final LearnerLifecycle lifecycle;

  LearnerEndpoint(RunStatus status, LearnerLifecycle lifecycle) {
    this.status = status;
    this.lifecycle = lifecycle;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ReadableRequests.of(LearnerServiceGrpc.bindService(this));
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> answer) {
    answer.onNext(status.snapshot());
    answer.onCompleted();
  }

  @Override
  public void fetchWeights(FetchWeightsRequest request, StreamObserver<WeightChunk> chunks) {
    PacedAnswers<WeightChunk> answers =
        new PacedAnswers<>((ServerCallStreamObserver<WeightChunk>) chunks);
    Thread.ofVirtual().name("fetch-weights").start(() -> send(request, answers));
  }

  private void send(FetchWeightsRequest request, PacedAnswers<WeightChunk> answers) {
    try (SnapshotReader reader = open(find(request), request.getOffset())) {
      answers.send(told(reader.iterator()));
    } catch (StatusRuntimeException e) {
      answers.fail(e);
    } catch (Exception | Error e) {
      LOG.error("a transfer of weights failed", e);
      answers.fail(
          Status.INTERNAL
              .withDescription("the weights can't be read: " + e + "; resume behind the last chunk")
              .asRuntimeException());
    }
  }

  /** The chunks, each of which is work done: a replica that fetches weights keeps a run waiting. */
  private Iterator<WeightChunk> told(Iterator<WeightChunk> chunks) {
    return Iterators.transform(
        chunks,
        chunk -> {
          status.worked();
          return chunk;
        });
  }

  private Snapshot find(FetchWeightsRequest request) {
    return lifecycle
        .policies()
        .flatMap(
            policies -> request.hasStep() ? policies.find(request.getStep()) : policies.newest())
        .orElseThrow(
            () ->
                Status.NOT_FOUND
                    .withDescription(
                        request.hasStep()
                            ? "policy version "
                                + request.getStep()
                                + " is not held; leave the step unset to get the newest"
                            : "no policy version is held yet; ask again once the run has started")
                    .asRuntimeException());
  }

  private static SnapshotReader open(Snapshot snapshot, long offset) {
    try {
      return SnapshotReader.open(snapshot, offset);
    } catch (IllegalArgumentException e) {
      throw Status.OUT_OF_RANGE.withDescription(e.getMessage()).asRuntimeException();
    } catch (IOException e) {
      // A version that was removed between the look-up and the opening is simply no longer held.
      throw Status.NOT_FOUND
          .withDescription("policy version " + snapshot.version().step() + " is no longer held")
          .asRuntimeException();
    }
  }
}
