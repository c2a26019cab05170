package dev.drpo.reward;

import dev.drpo.proto.records.v1.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Everything that the service measures, defined here and nowhere else.
 *
 * <table>
 * <caption>Meters, as {@code /q/metrics} names them</caption>
 * <tr><th>name</th><th>unit</th><th>definition</th></tr>
 * <tr><td>{@code drpo_reward_verdicts_total}</td><td>verdicts</td><td>Verdicts, by {@code outcome}
 * and by the {@code rule} that decided; the rule of a remote judge's is {@code remote}.</td></tr>
 * <tr><td>{@code drpo_reward_truncated_total}</td><td>verdicts</td><td>Those of them whose response
 * was ended by its token budget.</td></tr>
 * <tr><td>{@code drpo_reward_judge_seconds}</td><td>s</td><td>Histogram of the time to judge one
 * response against all its golds.</td></tr>
 * <tr><td>{@code drpo_reward_judge_steps}</td><td>steps</td><td>Elementary steps that a verdict took
 * of its budget; the sum over the count is the mean.</td></tr>
 * <tr><td>{@code drpo_reward_groups_total}</td><td>groups</td><td>Groups taken from the queue, by
 * {@code result}: {@code scored} are published, {@code rejected} became dead letters, {@code failed}
 * went back to the queue.</td></tr>
 * <tr><td>{@code drpo_reward_responses_total}</td><td>responses</td><td>Responses of the groups that
 * are published.</td></tr>
 * <tr><td>{@code drpo_reward_waits_total}</td><td>attempts</td><td>Attempts at a group that ended
 * because a reward function was unavailable; the group is tried again.</td></tr>
 * <tr><td>{@code drpo_reward_overloads_total}</td><td>calls</td><td>Calls over gRPC and HTTP that were
 * refused since the calls at hand left no room for them.</td></tr>
 * <tr><td>{@code drpo_reward_component}</td><td>none</td><td>What a reward function of the run gave a
 * response, by {@code function}, before weighting; the sum over the count is the mean.</td></tr>
 * </table>
 */
@Singleton
public class RewardMeters {
  private static final String OUTCOME_PREFIX = "OUTCOME_";

  /** What became of a group that was taken from the queue. */
  public enum GroupResult {
    SCORED,
    REJECTED,
    FAILED
  }

  private final MeterRegistry meters;
  private final Timer judging;
  private final DistributionSummary steps;
  private final Counter truncated;
  private final Counter responses;
  private final Counter waits;
  private final Counter overloads;

  /** Registers the meters. */
  public RewardMeters(MeterRegistry meters) {
    this.meters = meters;
    this.judging =
        Timer.builder("drpo.reward.judge")
            .description("Time to judge one response against all its golds")
            .publishPercentileHistogram()
            .register(meters);
    this.steps =
        DistributionSummary.builder("drpo.reward.judge.steps")
            .description("Elementary steps that a verdict took of its budget")
            .register(meters);
    this.truncated =
        counter("truncated", "Verdicts on responses that were ended by their token budget");
    this.responses = counter("responses", "Responses of the groups that are published");
    this.waits =
        counter("waits", "Attempts at a group that ended because a function was unavailable");
    this.overloads = counter("overloads", "Calls refused since there was no room for them");
  }

  /** Counts a verdict of the judge. */
  public void judged(Verdict verdict, long nanos) {
    judging.record(nanos, TimeUnit.NANOSECONDS);
    steps.record((double) verdict.getSteps());
    if (verdict.getTruncated()) {
      truncated.increment();
    }
    Counter.builder("drpo.reward.verdicts")
        .description("Verdicts of the judge, by outcome and by the rule that decided")
        .tag("outcome", verdict.getOutcome().name().substring(OUTCOME_PREFIX.length()))
        .tag("rule", verdict.getRule())
        .register(meters)
        .increment();
  }

  /** Counts what a reward function gave. */
  public void component(String function, double value) {
    DistributionSummary.builder("drpo.reward.component")
        .description("What a reward function gave a response, before weighting")
        .tag("function", function)
        .register(meters)
        .record(value);
  }

  /** Counts a group whose scores are published. */
  public void published(int responsesOfGroup) {
    group(GroupResult.SCORED);
    responses.increment(responsesOfGroup);
  }

  /** Counts a group that was taken from the queue. */
  public void group(GroupResult result) {
    Counter.builder("drpo.reward.groups")
        .description("Groups taken from the queue, by what became of them")
        .tag("result", result.name().toLowerCase(Locale.ROOT))
        .register(meters)
        .increment();
  }

  /** Counts an attempt that will be repeated. */
  public void waited() {
    waits.increment();
  }

  /** Counts a call for which there was no room. */
  public void refusedForLoad() {
    overloads.increment();
  }

  private Counter counter(String name, String description) {
    return Counter.builder("drpo.reward." + name).description(description).register(meters);
  }
}
