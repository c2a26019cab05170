package dev.drpo.reward;

import dev.drpo.reward.judge.Judge;
import dev.drpo.reward.judge.Policies;
import dev.drpo.reward.judge.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.List;

/** Judges, and counts every verdict by outcome and rule, so that none is a silent 0. */
@Singleton
public class MeteredJudge {
  private final Judge judge;
  private final MeterRegistry meters;
  private final Timer latency;

  MeteredJudge(Judge judge, MeterRegistry meters) {
    this.judge = judge;
    this.meters = meters;
    this.latency =
        Timer.builder("drpo.reward.judge")
            .description("Time to judge one response against its golds")
            .publishPercentileHistogram()
            .register(meters);
  }

  /** See {@link Judge#judge}; the result is the verdict as records carry it. */
  public dev.drpo.proto.records.v1.Verdict judge(
      String response, List<String> golds, Policies policies) {
    Verdict verdict = latency.record(() -> judge.judge(response, golds, policies));
    dev.drpo.proto.records.v1.Verdict message = VerdictMessage.of(verdict);
    meters
        .counter(
            "drpo.reward.verdicts",
            "outcome",
            message.getOutcome().name().substring("OUTCOME_".length()),
            "rule",
            message.getRule())
        .increment();
    return message;
  }
}
