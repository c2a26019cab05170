package dev.drpo.reward.grpc;

import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardService;
import dev.drpo.reward.MeteredJudge;
import dev.drpo.reward.judge.Policies;
import dev.drpo.reward.judge.limit.Limits;
import io.grpc.Status;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The judge over gRPC. It answers on the event loop, since the judge's limits bound a call to about
 * a millisecond of work.
 */
@GrpcService
class RewardEndpoint implements RewardService {
  private final MeteredJudge judge;
  private final Policies defaults;
  private final Limits limits;
  private final String version;

  RewardEndpoint(
      MeteredJudge judge,
      Policies defaults,
      Limits limits,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.judge = judge;
    this.defaults = defaults;
    this.limits = limits;
    this.version = version;
  }

  @Override
  public Uni<EvaluateResponse> evaluate(EvaluateRequest request) {
    return Uni.createFrom().item(() -> answer(request));
  }

  private EvaluateResponse answer(EvaluateRequest request) {
    requireGolds(request);
    int length = request.getResponse().length();
    if (length > limits.responseCharacters()) {
      throw refused(
          "the response has %d characters; at most %d are judged, so send the part after the last </think>"
              .formatted(length, limits.responseCharacters()));
    }
    return EvaluateResponse.newBuilder()
        .setVerdict(judge.judge(request.getResponse(), request.getGoldsList(), policies(request)))
        .setVerifierVersion(version)
        .setRequestId(request.getRequestId())
        .build();
  }

  private static void requireGolds(EvaluateRequest request) {
    if (request.getGoldsCount() == 0) {
      throw refused("the request has no golds; give at least one right answer");
    }
    for (int i = 0; i < request.getGoldsCount(); i++) {
      if (request.getGolds(i).isBlank()) {
        throw refused("golds[%d] is empty; a right answer must have a text".formatted(i));
      }
    }
  }

  private Policies policies(EvaluateRequest request) {
    try {
      return defaults.with(request.getPoliciesMap());
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
  }

  private static RuntimeException refused(String message) {
    return Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException();
  }
}
