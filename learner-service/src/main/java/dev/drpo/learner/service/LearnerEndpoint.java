package dev.drpo.learner.service;

import dev.drpo.learner.run.RunStatus;
import dev.drpo.learner.weights.Snapshot;
import dev.drpo.learner.weights.SnapshotReader;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.GetStatusRequest;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.LearnerService;
import dev.drpo.proto.learner.v1.WeightChunk;
import io.grpc.Status;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.IOException;
import java.util.Optional;

/** Tells where the run stands and serves the policy's weights. */
@GrpcService
public class LearnerEndpoint implements LearnerService {
  private final RunStatus status;
  private final LearnerLifecycle lifecycle;

  LearnerEndpoint(RunStatus status, LearnerLifecycle lifecycle) {
    this.status = status;
    this.lifecycle = lifecycle;
  }

  @Override
  public Uni<GetStatusResponse> getStatus(GetStatusRequest request) {
    return Uni.createFrom().item(status::snapshot);
  }

  @Override
  public Multi<WeightChunk> fetchWeights(FetchWeightsRequest request) {
    Optional<Snapshot> snapshot =
        lifecycle
            .policies()
            .flatMap(
                policies ->
                    request.hasStep() ? policies.find(request.getStep()) : policies.newest());
    if (snapshot.isEmpty()) {
      return refuse(
          Status.NOT_FOUND,
          request.hasStep()
              ? "policy version "
                  + request.getStep()
                  + " is not held; leave the step unset to get the newest"
              : "no policy version is held yet; ask again once the run has started");
    }
    return Multi.createFrom()
        .resource(
            () -> open(snapshot.get(), request.getOffset()),
            reader -> Multi.createFrom().iterable(reader))
        .withFinalizer(SnapshotReader::close)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
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

  private static Multi<WeightChunk> refuse(Status status, String message) {
    return Multi.createFrom().failure(status.withDescription(message).asRuntimeException());
  }
}
