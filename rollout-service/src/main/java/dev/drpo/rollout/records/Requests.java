package dev.drpo.rollout.records;

import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.RefusedRequestException;
import dev.drpo.generation.Sampling;
import dev.drpo.policy.sampler.CounterRandom;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.SamplingParameters;
import java.util.Set;

/** Reads requests of the engine from records of the contract. */
public final class Requests {
  private Requests() {}

  /**
   * The request of a prompt task.
   *
   * @throws RefusedRequestException if the task lacks something or a parameter is out of range
   */
  public static GroupRequest of(PromptTask task) {
    GroupId id = task.getId();
    if (id.getPrompt().isEmpty()
        || id.getPurpose() == Purpose.PURPOSE_UNSPECIFIED
        || id.getPurpose() == Purpose.UNRECOGNIZED) {
      throw new RefusedRequestException(
          "the task has no complete identity (prompt '%s', purpose %s); the learner must set both"
              .formatted(id.getPrompt(), id.getPurpose()));
    }
    if (task.getGoldsCount() == 0) {
      throw new RefusedRequestException(
          "the task has no gold, so that its responses could not be judged; give it at least one");
    }
    String identity = id.getPrompt() + "\n" + id.getStep() + "\n" + id.getPurpose();
    return new GroupRequest(
        task.getPromptTokensList().stream().mapToInt(Integer::intValue).toArray(),
        sampling(task.getSampling()),
        CounterRandom.hash(identity),
        task.getRequiredPolicyStep());
  }

  /**
   * The request of a prompt that has no identity but its tokens.
   *
   * @throws RefusedRequestException if a parameter is out of range
   */
  public static GroupRequest of(int[] prompt, SamplingParameters parameters) {
    return GroupRequest.of(prompt, sampling(parameters));
  }

  private static Sampling sampling(SamplingParameters parameters) {
    return new Sampling(
        Sampling.law(
            parameters.getTemperature(),
            parameters.getTopP(),
            parameters.getTopK(),
            parameters.getMinP()),
        parameters.getGroupSize(),
        parameters.getMaxResponseTokens(),
        parameters.getSeed(),
        Set.copyOf(parameters.getStopTokensList()));
  }
}
