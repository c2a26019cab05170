package dev.drpo.objectives;

import static dev.drpo.objectives.Batch.group;
import static dev.drpo.objectives.Batch.moved;
import static dev.drpo.objectives.Batch.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.objectives.Oracle.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every objective against the finite differences of its value as the slow oracle computes it, on
 * mini-batches where something is extreme.
 */
class GradientsTest {
  private static final int BUDGET = 12;
  private static final double WIDTH = 1e-3;

  /** A trust region that these mini-batches leave. */
  private static final double NARROW = 1e-4;

  /** One that they stay in. */
  private static final double WIDE = 1;

  private static final double[] REGIONS = {NARROW, WIDE};
  private static final double BETA = 1e3;
  private static final int SHORTEST = 4;

  /** Log ratios: within every clip, past the low one, past the high ones; down on the whole. */
  private static final double[] CHANGES = {-0.05, 0.05, -0.2, 0.3, -0.45, 0.16};

  /** Of tokens, in turn. */
  private static final double[] IMPORTANCE = {1.5, 0.5, 2, 1, 0.25};

  /** Likewise, with some that are left out. */
  private static final double[] MASKED = {1.5, 0, 2, 1, 0, 0.5};

  private static final double[] NOTHING = {0};

  private record Case(Objective objective, ToDoubleFunction<List<List<Trace>>> value) {}

  static List<String> objectives() {
    return List.copyOf(cases().keySet());
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void weightsAreTheFiniteDifferencesOfTheValue(String name) {
    Case tested = cases().get(name);
    miniBatches()
        .forEach(
            (kind, groups) -> {
              String what = name + ", " + kind;
              List<List<Trace>> traces = Oracle.traces(groups);
              // The value bends where the trust region ends.
              assertThat(Oracle.divergence(traces)).isGreaterThan(NARROW + WIDTH).isLessThan(WIDE);
              assertThat(Oracle.k3(traces)).isGreaterThan(NARROW + WIDTH).isLessThan(WIDE);
              Objective.Evaluation evaluation = tested.objective().evaluate(groups);
              double value = tested.value().applyAsDouble(traces);
              assertThat(evaluation.value())
                  .as(what)
                  .isCloseTo(value, within(1e-10 * (1 + Math.abs(value))));
              Weights.assertClose(
                  what,
                  evaluation.tokenWeights(),
                  Oracle.derivative(traces, WIDTH, tested.value()));
            });
  }

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    for (double lambda : new double[] {1e-4, 0.1, Double.POSITIVE_INFINITY}) {
      for (String reward : List.of("linear", "concave", "cosine")) {
        for (double delta : REGIONS) {
          cases.put(
              "drpo, %s, lambda %s, delta %s".formatted(reward, lambda, delta),
              drpo(
                  reward,
                  Temperature.fixed(lambda),
                  Oracle.lengthReward(reward, BUDGET, lambda),
                  delta));
        }
      }
    }
    for (double delta : REGIONS) {
      for (String reward : List.of("linear", "concave", "cosine")) {
        cases.put(
            "drpo, %s, adaptive lambda, delta %s".formatted(reward, delta),
            drpo(reward, Temperature.adaptive(), Oracle.adaptive(reward, BUDGET), delta));
      }
      for (Divergence estimator : Divergence.values()) {
        String rest = estimator + ", delta " + delta;
        cases.put(
            "disco, log-likelihood, " + rest, disco(Score.LOG_LIKELIHOOD, 10, estimator, delta));
        cases.put("disco, ratio, " + rest, disco(Score.LIKELIHOOD_RATIO, 1, estimator, delta));
      }
    }
    cases.put("drpo, all-correct pull", allCorrect(AllCorrect.PULL));
    cases.put("drpo, all-correct contrast", allCorrect(AllCorrect.CONTRAST));
    cases.put("grpo", of(new Grpo(0.2), g -> GroupOracle.grpo(g, GroupOracle::rewards, 0.2)));
    cases.put(
        "grpo-length",
        of(
            new GrpoLength(0.2, LengthReward.LINEAR, 1, BUDGET),
            g -> GroupOracle.grpo(g, GroupOracle.timesLengthReward(BUDGET), 0.2)));
    cases.put(
        "grpo-length, weight",
        of(
            new GrpoLength(0.2, LengthReward.LINEAR, 0.4, BUDGET),
            g -> GroupOracle.grpo(g, GroupOracle.timesLengthReward(BUDGET, 0.4), 0.2)));
    cases.put("dr-grpo", of(new DrGrpo(0.2, BUDGET), g -> GroupOracle.drGrpo(g, 0.2, BUDGET)));
    cases.put(
        "dapo",
        of(new Dapo(0.2, 0.28, 0.4, BUDGET), g -> GroupOracle.dapo(g, 0.2, 0.28, 0.4, BUDGET)));
    cases.put("rloo-lp", of(new RlooLp(0.2, 0.4), g -> GroupOracle.rlooLp(g, 0.2, 0.4)));
    cases.put(
        "alp", of(new Alp(0.2, 1e-2), g -> GroupOracle.grpo(g, GroupOracle.alp(1e-2), 0.2, 1e-6)));
    Hapo hapo = new Hapo(0.2, 0.5);
    hapo.restore(Map.of("q", (long) SHORTEST));
    cases.put("hapo", of(hapo, g -> GroupOracle.grpo(g, GroupOracle.hapo(0.5, SHORTEST), 0.2)));
    cases.put(
        "l1-max",
        of(
            new L1Max(0.2, 0.1, 0.5 * BUDGET),
            g -> GroupOracle.grpo(g, GroupOracle.l1Max(0.1, 0.5 * BUDGET), 0.2)));
    cases.put("dler", of(new Dler(0.2, 0.28, 6, 0.1), g -> RivalOracle.dler(g, 0.2, 0.28, 6, 0.1)));
    cases.put("ddca", of(new Ddca(0.2, 0.5), g -> RivalOracle.ddca(g, 0.2, 0.5)));
    cases.put("gr3", of(new Gr3(0.2, 0.33), g -> floored(g, RivalOracle.gr3(0.33))));
    cases.put("laser", of(new Laser(0.2, 0.5, 6), g -> floored(g, RivalOracle.laser(0.5, 6))));
    cases.put(
        "kimi-length", of(new KimiLength(0.2, 0.4), g -> floored(g, RivalOracle.kimiLength(0.4))));
    cases.put(
        "shorter-better",
        of(new ShorterBetter(0.2, 2, 0.1), g -> floored(g, RivalOracle.shorterBetter(2, 0.1))));
    return cases;
  }

  private static double floored(List<List<Trace>> groups, GroupOracle.OfGroup rewards) {
    return GroupOracle.grpo(groups, rewards, 0.2, 1e-6);
  }

  private static Case of(Objective objective, ToDoubleFunction<List<List<Trace>>> value) {
    return new Case(objective, value);
  }

  private static Case drpo(String reward, Temperature lambda, Oracle.Omega omega, double delta) {
    LengthReward lengthReward =
        switch (reward) {
          case "linear" -> LengthReward.LINEAR;
          case "concave" -> LengthReward.CONCAVE;
          default -> LengthReward.COSINE;
        };
    return of(
        new Drpo(
            new LengthWeights(lengthReward, BUDGET, lambda),
            10,
            new TrustRegion(delta, BETA, Divergence.K1)),
        g ->
            Oracle.discriminative(g, omega, Trace::score, 10)
                - Oracle.hinge(Oracle.divergence(g), delta, BETA));
  }

  private static Case allCorrect(AllCorrect allCorrect) {
    Oracle.Omega omega = Oracle.lengthReward("linear", BUDGET, 0.3);
    return of(
        new Drpo(
            new LengthWeights(LengthReward.LINEAR, BUDGET, Temperature.fixed(0.3)),
            10,
            new TrustRegion(NARROW, BETA, Divergence.K1),
            allCorrect),
        g ->
            Oracle.discriminative(g, omega, Trace::score, 10)
                + Oracle.allCorrect(g, omega, allCorrect == AllCorrect.CONTRAST)
                - Oracle.hinge(Oracle.divergence(g), NARROW, BETA));
  }

  private static Case disco(Score score, double tau, Divergence estimator, double delta) {
    return of(
        new Disco(score, tau, new TrustRegion(delta, BETA, estimator)),
        g ->
            Oracle.discriminative(
                    g,
                    (one, all) -> 1,
                    score == Score.LOG_LIKELIHOOD ? Trace::score : Trace::meanRatio,
                    tau)
                - Oracle.hinge(
                    estimator == Divergence.K1 ? Oracle.divergence(g) : Oracle.k3(g), delta, BETA));
  }

  private static Map<String, List<Group>> miniBatches() {
    Map<String, List<Group>> batches = new LinkedHashMap<>();
    batches.put("one positive", List.of(drawn(1, 5, 3, 9, 7)));
    batches.put("one negative", List.of(drawn(3, 5, 3, 9, 7)));
    batches.put("all positive", List.of(drawn(4, 5, 3, 9, 7)));
    batches.put("all negative", List.of(drawn(0, 5, 3, 9, 7)));
    batches.put("equal lengths", List.of(drawn(2, 6, 6, 6, 6)));
    batches.put("all positive of equal length", List.of(drawn(3, 6, 6, 6)));
    batches.put("at the maximum length", List.of(drawn(2, 4, BUDGET, BUDGET, 2)));
    batches.put("all at the maximum length", List.of(drawn(2, BUDGET, BUDGET, BUDGET)));
    batches.put("a single token each", List.of(drawn(1, 1, 1, 1)));
    batches.put("a single response", List.of(drawn(1, 6)));
    batches.put("a long group", List.of(drawn(5, 1, 2, 11, 4, 8, 3, 6, 9, 10, 5)));
    batches.put(
        "groups of every kind and size",
        List.of(
            drawn(2, 5, 9, 3, 4),
            drawn(1, 6),
            drawn(3, 2, 7, 8),
            drawn(0, 4, 11),
            drawn(1, BUDGET, 1)));
    batches.put(
        "some responses truncated",
        List.of(truncated(drawn(3, 5, BUDGET, 9, 7, BUDGET), 1, 4), drawn(2, 3, 8, 4)));
    batches.put(
        "tokens of another policy",
        List.of(
            weighted(IMPORTANCE, drawn(2, 5, 9, 3, 4)),
            weighted(IMPORTANCE, drawn(3, 2, 7, 8)),
            drawn(1, BUDGET, 1)));
    batches.put(
        "tokens and responses left out",
        List.of(
            weighted(MASKED, drawn(2, 5, 9, 3, 4)),
            without(weighted(IMPORTANCE, drawn(2, 6, 7, 8, 3)), 1, 2),
            without(drawn(2, 4, BUDGET, 5), 0, 1)));
    return batches;
  }

  private static Group truncated(Group group, int... which) {
    List<Response> responses = new ArrayList<>(group.responses());
    for (int i : which) {
      responses.set(i, Batch.truncated(responses.get(i)));
    }
    return group(responses);
  }

  private static Group weighted(double[] inTurn, Group group) {
    return group(group.responses().stream().map(one -> weighted(inTurn, one)).toList());
  }

  private static Response weighted(double[] inTurn, Response response) {
    double[] importance = new double[response.length()];
    Arrays.setAll(importance, t -> inTurn[t % inTurn.length]);
    return Batch.weighted(response, importance);
  }

  private static Group without(Group group, int... which) {
    List<Response> responses = new ArrayList<>(group.responses());
    for (int i : which) {
      responses.set(i, weighted(NOTHING, responses.get(i)));
    }
    return group(responses);
  }

  /** Responses with random old log-probabilities and changes in turn. */
  private static Group drawn(int correct, int... lengths) {
    Random random = new Random(lengths.length);
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      Response flat = response(i < correct, lengths[i], 0);
      for (int t = 0; t < lengths[i]; t++) {
        flat.old()[t] = -0.1f - 2 * random.nextFloat();
      }
      int turn = i;
      responses.add(moved(flat, t -> CHANGES[(t + 2 + turn) % CHANGES.length]));
    }
    return group(responses);
  }
}
