package dev.drpo.cli.eval;

import dev.drpo.cli.generate.PolicyEngine;
import dev.drpo.cli.generate.SamplingPlan;
import dev.drpo.generation.FinishReason;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.problems.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The rollout service's engine in this process, one for each device. What is sampled is a function
 * of weights, seed, prompt and sample, so that it does not matter which engine samples it.
 */
final class EngineRespondent implements Respondent {
  /** Responses that wait for slots, in engines' worth, so that no free slot waits for them. */
  private static final int ENGINES_AHEAD = 2;

  private final List<Member> members = new ArrayList<>();
  private final LocalPolicy policy;
  private final int samples;

  private record Member(PolicyEngine engine, AtomicInteger live) {}

  private EngineRespondent(LocalPolicy policy, int samples) {
    this.policy = policy;
    this.samples = samples;
  }

  /**
   * Starts an engine on every device, and returns once all have their weights.
   *
   * @param say is told the memory plans
   * @throws dev.drpo.cli.exit.UsageError if one does not fit into memory
   */
  static EngineRespondent start(
      LocalPolicy policy,
      SamplingPlan plan,
      PolicyEngine.Size size,
      List<PolicyEngine.Place> places,
      Consumer<String> say) {
    EngineRespondent respondent = new EngineRespondent(policy, plan.samples());
    try {
      for (PolicyEngine.Place place : places) {
        respondent.members.add(
            new Member(
                PolicyEngine.start(
                    policy.folder(), policy.tokenizer().endOfSequence(), plan, size, place, say),
                new AtomicInteger()));
      }
      return respondent;
    } catch (RuntimeException failure) {
      respondent.close();
      throw failure;
    }
  }

  @Override
  public CompletableFuture<List<Response>> ask(Problem problem) {
    Member idlest =
        members.stream().min(Comparator.comparingInt(member -> member.live().get())).orElseThrow();
    idlest.live().incrementAndGet();
    return idlest
        .engine()
        .submit(policy.prompt(problem), ResponseListener.NONE)
        .whenComplete((_, _) -> idlest.live().decrementAndGet())
        // Texts are made elsewhere, so that nothing waits for them that decodes.
        .thenApplyAsync(this::responses);
  }

  private List<Response> responses(SampledGroup group) {
    return group.responses().stream().map(this::response).toList();
  }

  private Response response(SampledResponse sampled) {
    return new Response(
        policy.tokenizer().decode(sampled.tokens()),
        sampled.tokens(),
        sampled.tokens().length,
        sampled.finishReason() == FinishReason.LENGTH);
  }

  @Override
  public int problemsAtOnce() {
    int slots = members.stream().mapToInt(member -> member.engine().slots()).sum();
    return Math.max(1, Math.ceilDiv(ENGINES_AHEAD * slots, samples));
  }

  @Override
  public void close() {
    members.forEach(member -> member.engine().close());
  }
}
