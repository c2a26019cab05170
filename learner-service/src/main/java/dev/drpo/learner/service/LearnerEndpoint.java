package dev.drpo.learner.service;

import dev.drpo.learner.run.RunStatus;
import dev.drpo.learner.weights.PublishedPolicy;
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
    Optional<PublishedPolicy> policy =
        lifecycle.policies().flatMap(policies -> policies.find(request.getStep()));
    if (policy.isEmpty()) {
      return refuse(
          Status.NOT_FOUND,
          "policy version "
              + request.getStep()
              + " is not held; ask for the newest with a negative step");
    }
    return Multi.createFrom()
        .resource(
            () -> open(policy.get(), request.getOffset()),
            reader -> Multi.createFrom().iterable(reader))
        .withFinalizer(SnapshotReader::close)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private static SnapshotReader open(PublishedPolicy policy, long offset) {
    try {
      return SnapshotReader.open(policy, offset);
    } catch (IllegalArgumentException e) {
      throw Status.OUT_OF_RANGE.withDescription(e.getMessage()).asRuntimeException();
    } catch (IOException e) {
      // A version that was removed between the look-up and the opening is simply no longer held.
      throw Status.NOT_FOUND
          .withDescription("policy version " + policy.step() + " is no longer held")
          .asRuntimeException();
    }
  }

  private static Multi<WeightChunk> refuse(Status status, String message) {
    return Multi.createFrom().failure(status.withDescription(message).asRuntimeException());
  }
}
