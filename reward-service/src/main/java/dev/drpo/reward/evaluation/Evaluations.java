package dev.drpo.reward.evaluation;

import dev.drpo.judge.Explanation;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.reward.v1.Candidate;
import dev.drpo.proto.reward.v1.EvaluateGroupRequest;
import dev.drpo.proto.reward.v1.EvaluateGroupResponse;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.ExplainRequest;
import dev.drpo.proto.reward.v1.ExplainResponse;
import dev.drpo.proto.reward.v1.ExplainStep;
import dev.drpo.reward.call.RefusedException;
import io.grpc.Context;
import io.grpc.Deadline;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers requests for judgement, whichever way they came. Every method throws {@link
 * RefusedException} for a request that can't be judged, and for one that nobody waits for, which
 * the present {@link Context} tells by its deadline and cancellation.
 */
@Singleton
public class Evaluations {
  /** Each costs a judgement at the worst. */
  private static final int MOST_GOLDS = 64;

  private static final int MOST_CANDIDATES = 1024;

  private final MeteredJudge judge;
  private final Conventions defaults;
  private final Limits limits;
  private final String version;

  Evaluations(
      MeteredJudge judge,
      Conventions defaults,
      Limits limits,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.judge = judge;
    this.defaults = defaults;
    this.limits = limits;
    this.version = version;
  }

  public EvaluateResponse evaluate(EvaluateRequest request) {
    requireCaller("nothing");
    Candidate candidate = candidate(request);
    requireGolds(request.getGoldsList());
    requireJudgeable(candidate, "the request");
    Conventions conventions = conventions(request.getConventionsMap());
    return EvaluateResponse.newBuilder()
        .setVerdict(verdict(candidate, request.getGoldsList(), conventions))
        .setVerifierVersion(version)
        .setRequestId(request.getRequestId())
        .build();
  }

  public EvaluateGroupResponse evaluateGroup(EvaluateGroupRequest request) {
    int candidates = request.getCandidatesCount();
    if (candidates == 0 || candidates > MOST_CANDIDATES) {
      throw RefusedException.invalid(
          "the request has %d candidates; give between 1 and %d responses to judge"
              .formatted(candidates, MOST_CANDIDATES));
    }
    requireGolds(request.getGoldsList());
    for (int i = 0; i < candidates; i++) {
      requireJudgeable(request.getCandidates(i), "candidates[%d]".formatted(i));
    }
    Conventions conventions = conventions(request.getConventionsMap());
    EvaluateGroupResponse.Builder response = EvaluateGroupResponse.newBuilder();
    for (Candidate candidate : request.getCandidatesList()) {
      requireCaller("%d of %d candidates".formatted(response.getVerdictsCount(), candidates));
      response.addVerdicts(verdict(candidate, request.getGoldsList(), conventions));
      letOthersHaveATurn();
    }
    return response.setVerifierVersion(version).setRequestId(request.getRequestId()).build();
  }

  public ExplainResponse explain(ExplainRequest request) {
    requireCaller("nothing");
    if (request.getGold().isBlank()) {
      throw RefusedException.invalid("gold is empty; a right answer must have a text");
    }
    Explanation explanation =
        judge.explain(
            request.getGold(), request.getAnswer(), conventions(request.getConventionsMap()));
    ExplainResponse.Builder response =
        ExplainResponse.newBuilder()
            .setVerdict(VerdictMessage.of(explanation.verdict(), false))
            .setVerifierVersion(version)
            .setRequestId(request.getRequestId());
    for (Explanation.Step step : explanation.steps()) {
      response.addSteps(
          ExplainStep.newBuilder().setSubject(step.subject()).setFinding(step.finding()));
    }
    return response.build();
  }

  /**
   * Asks between pieces of work whether the rest is still wanted.
   *
   * @param done what has been done so far, for the caller
   */
  private static void requireCaller(String done) {
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null && deadline.isExpired()) {
      throw RefusedException.late(done);
    }
    if (Context.current().isCancelled()) {
      throw RefusedException.cancelled();
    }
  }

  private static Candidate candidate(EvaluateRequest request) {
    Candidate.Builder candidate =
        Candidate.newBuilder().setFinishReasonValue(request.getFinishReasonValue());
    if (request.hasResponse()) {
      candidate.setResponse(request.getResponse());
    }
    if (request.hasAnswer()) {
      candidate.setAnswer(request.getAnswer());
    }
    return candidate.build();
  }

  private Verdict verdict(Candidate candidate, List<String> golds, Conventions conventions) {
    FinishReason end = candidate.getFinishReason();
    return candidate.hasAnswer()
        ? judge.compare(candidate.getAnswer(), golds, conventions, end)
        : judge.judge(candidate.getResponse(), golds, conventions, end);
  }

  private void requireJudgeable(Candidate candidate, String subject) {
    if (candidate.hasResponse() == candidate.hasAnswer()) {
      throw RefusedException.invalid(
          "%s has %s; give exactly one of them: a response is searched for its boxed answer, an answer is judged as it stands"
              .formatted(
                  subject,
                  candidate.hasAnswer()
                      ? "a response and an answer"
                      : "neither a response nor an answer"));
    }
    int length = candidate.getResponse().length();
    if (length > limits.responseCharacters()) {
      throw RefusedException.invalid(
          "the response of %s has %d characters; at most %d are judged, so send the part after the last </think>"
              .formatted(subject, length, limits.responseCharacters()));
    }
    if (candidate.getFinishReason() == FinishReason.UNRECOGNIZED) {
      throw RefusedException.invalid(
          "the finish reason of %s is %d; leave it out, or give FINISH_REASON_STOP (1) or FINISH_REASON_LENGTH (2)"
              .formatted(subject, candidate.getFinishReasonValue()));
    }
  }

  private static void requireGolds(List<String> golds) {
    if (golds.isEmpty() || golds.size() > MOST_GOLDS) {
      throw RefusedException.invalid(
          "the request has %s golds; give between 1 and %d right answers"
              .formatted(golds.isEmpty() ? "no" : golds.size(), MOST_GOLDS));
    }
    for (int i = 0; i < golds.size(); i++) {
      if (golds.get(i).isBlank()) {
        throw RefusedException.invalid(
            "golds[%d] is empty; a right answer must have a text".formatted(i));
      }
    }
  }

  private Conventions conventions(Map<String, String> named) {
    try {
      return defaults.with(named);
    } catch (IllegalArgumentException e) {
      throw RefusedException.invalid(e.getMessage());
    }
  }

  /**
   * A large group is judged beside small ones. Nothing depends on whether the system heeds this.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  private static void letOthersHaveATurn() {
    Thread.yield();
  }
}
