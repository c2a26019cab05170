package dev.drpo.reward.function;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.RewardMeters;
import dev.drpo.runtime.config.RewardConfig;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.tls.GrpcTls;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code remote}: a judge of your own, behind the {@code Evaluate} method of {@code
 * drpo.reward.v1.RewardService} at {@code reward.remote-address}, over TLS where {@code
 * tls.trusted} is set. It is sent the response, the golds, the finish reason and the run's
 * conventions, and its verdict is taken as it is.
 *
 * <p>A server that is away ({@code UNAVAILABLE}) or overloaded ({@code RESOURCE_EXHAUSTED}) is
 * waited for. A call that fails otherwise, takes longer than {@code reward.remote-deadline-millis}
 * or brings no verdict gives the group back to the queue.
 */
@Singleton
class RemoteFunction implements AnswerJudge {
  /** What passes by waiting: the server is away, or has too much to do. */
  private static final Set<Status.Code> PASSING =
      Set.of(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED);

  private final RewardConfig configuration;
  private final TlsConfig tls;
  private final RewardMeters meters;
  private ManagedChannel channel;

  RemoteFunction(RunConfig configuration, RewardMeters meters) {
    this.configuration = configuration.reward();
    this.tls = configuration.tls();
    this.meters = meters;
  }

  @Override
  public String name() {
    return RewardConfig.REMOTE;
  }

  @Override
  public Verdict verdict(Submission submission) {
    long start = System.nanoTime();
    Verdict verdict = evaluate(request(submission)).getVerdict();
    if (verdict.getOutcome() == Outcome.OUTCOME_UNSPECIFIED
        || verdict.getOutcome() == Outcome.UNRECOGNIZED) {
      throw new IllegalStateException(
          "the judge at %s answered without an outcome; it must set the verdict's outcome to %s or another of its kind"
              .formatted(configuration.remoteAddress(), Outcome.OUTCOME_EQUAL));
    }
    // Counted under one rule: a metric must not grow by whatever rules another service names.
    meters.judged(
        verdict.toBuilder()
            .setRule(name())
            .setTruncated(submission.finishReason() == FinishReason.FINISH_REASON_LENGTH)
            .build(),
        System.nanoTime() - start);
    return verdict;
  }

  private EvaluateRequest request(Submission submission) {
    return EvaluateRequest.newBuilder()
        .setResponse(submission.response())
        .addAllGolds(submission.golds())
        .setFinishReason(submission.finishReason())
        .putAllConventions(configuration.conventions().changes())
        .putConventions("require-think", Boolean.toString(configuration.requireThink()))
        .build();
  }

  private EvaluateResponse evaluate(EvaluateRequest request) {
    try {
      return RewardServiceGrpc.newBlockingStub(channel())
          .withDeadlineAfter(configuration.remoteDeadlineMillis(), TimeUnit.MILLISECONDS)
          .evaluate(request);
    } catch (StatusRuntimeException e) {
      String message =
          "the judge at %s failed: %s"
              .formatted(configuration.remoteAddress(), GrpcTls.reason(e, tls));
      if (PASSING.contains(e.getStatus().getCode())) {
        throw new RewardUnavailableException(
            message + "; start it, give it more room, or change reward.remote-address", e);
      }
      throw new IllegalStateException(message, e);
    }
  }

  /**
   * Opened on demand, since most runs have no remote judge, and kept: each connection of it shows
   * what the files of {@code tls.*} hold then.
   */
  private synchronized ManagedChannel channel() {
    if (channel == null) {
      channel = GrpcTls.channel(configuration.remoteAddress(), tls).build();
    }
    return channel;
  }

  @PreDestroy
  synchronized void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
  }
}
