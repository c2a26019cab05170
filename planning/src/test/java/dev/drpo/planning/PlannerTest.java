package dev.drpo.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.GivenKeys;
import dev.drpo.runtime.config.Precision;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  @ParameterizedTest
  @CsvSource({
    "R1_1_5B, 1x80GB, 1",
    "R1_1_5B, 2x80GB, 1",
    "R1_1_5B, 8x80GB, 1",
    "R1_1_5B, 8x24GB, 1",
    "R1_1_5B, 1x80GB, 4",
    "R1_7B,   8x80GB, 1",
    "R1_7B,   8xH200, 1",
    "R1_7B,   8x80GB, 2",
  })
  void everyPlacementFitsByItsOwnNumbers(KnownPolicy policy, String gpus, int nodes) {
    Plan plan = Planner.plan(Requests.of(policy, gpus, nodes, Map.of()));

    List<Use> uses = plan.uses();
    assertThat(uses).hasSize(plan.request().fleet().allGpus());
    assertThat(uses).allSatisfy(use -> assertThat(use.needed()).isLessThanOrEqualTo(use.bytes()));
    assertThat(uses)
        .allSatisfy(
            use ->
                assertThat(use.components().entrySet())
                    .anySatisfy(part -> assertThat(part.getKey()).startsWith("overhead")));
    assertThat(uses.stream().filter(use -> use.roles().contains("learner")))
        .hasSize(plan.learners());
    assertThat(uses.stream().filter(use -> use.roles().contains("rollout")))
        .hasSize(plan.replicas());
  }

  @Test
  void learnerAndReplicasShareACardOnlyWhereThereIsButOne() {
    Plan one = Planner.plan(Requests.of(KnownPolicy.R1_1_5B, "1x80GB", 1, Map.of()));
    assertThat(one.uses().getFirst().roles()).isEqualTo("learner, rollout");
    assertThat(one.uses().getFirst().needed())
        .isEqualTo(one.learnerMemory().total() + one.rolloutMemory().total() + 2 * Overhead.GPU);
    assertThat(one.config().training().devices()).isEqualTo("cuda:0");
    assertThat(one.config().rollout().devices()).isEqualTo("cuda:0");

    Plan two = Planner.plan(Requests.of(KnownPolicy.R1_1_5B, "2x80GB", 1, Map.of()));
    assertThat(two.uses()).extracting(Use::roles).containsExactly("learner", "rollout");
  }

  @ParameterizedTest
  @CsvSource({"R1_1_5B, 8x80GB", "R1_7B, 8x80GB", "R1_1_5B, 8x24GB"})
  void devicesOfANodeAreSharedOutWithoutARest(KnownPolicy policy, String gpus) {
    RunConfig config = Planner.plan(Requests.of(policy, gpus, 1, Map.of())).config();
    assertThat(
            IntStream.concat(
                config.training().gpus().stream().mapToInt(Integer::intValue),
                config.rollout().gpus().stream().mapToInt(Integer::intValue)))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(config.training().compute()).isEqualTo(Precision.BFLOAT16);
    assertThat(config.rollout().compute()).isEqualTo(Precision.BFLOAT16);
  }

  @Test
  void theLearnerLiesOnOneNodeAndTheOthersSample() {
    Plan plan = Planner.plan(Requests.of(KnownPolicy.R1_7B, "8x80GB", 2, Map.of()));
    assertThat(plan.learners()).isBetween(2, 7);
    assertThat(plan.replicas()).isEqualTo(16 - plan.learners());
    assertThat(plan.uses().subList(8, 16)).extracting(Use::roles).containsOnly("rollout");
    assertThat(plan.config().rollout().devices()).isEqualTo("cuda");
  }

  @Test
  void aPolicyThatNoSuchCardHoldsIsRefusedWithNumbersAndRemedy() {
    assertThatThrownBy(() -> Planner.plan(Requests.of(KnownPolicy.R1_7B, "1x24GB", 1, Map.of())))
        .isInstanceOf(UnplannableException.class)
        .hasMessageContainingAll(
            "DeepSeek-R1-Distill-Qwen-7B does not fit on 1 x 24 GB",
            "weights",
            "training.tokens-per-micro-batch 9216",
            "23.28 GB on each, for both",
            "remedy:  GPUs with more memory, or a smaller policy (policy.path)");
  }

  @Test
  void theLeastNumberOfCardsThatFitsIsNamed() {
    assertThatThrownBy(() -> Planner.plan(Requests.of(KnownPolicy.R1_1_5B, "1x24GB", 1, Map.of())))
        .isInstanceOf(UnplannableException.class)
        .hasMessageContaining("such GPUs on one node (--gpus)");
    String message = "";
    try {
      Planner.plan(Requests.of(KnownPolicy.R1_1_5B, "1x24GB", 1, Map.of()));
    } catch (UnplannableException e) {
      message = e.getMessage();
    }
    int least = Integer.parseInt(message.replaceAll("(?s).*remedy:  (\\d+) such.*", "$1"));
    assertThat(Planner.plan(Requests.of(KnownPolicy.R1_1_5B, least + "x24GB", 1, Map.of())).uses())
        .allMatch(Use::fits);
  }

  @ParameterizedTest
  @CsvSource({"R1_1_5B, drpo-1.5b-8k, 8x80GB, 1", "R1_7B, drpo-7b-8k, 8x80GB, 2"})
  void theWrittenConfigurationIsThePlannedOne(
      KnownPolicy policy, String preset, String gpus, int nodes, @TempDir Path folder)
      throws IOException {
    Map<String, String> said = Map.of("objective.lambda", "0.2", "run.id", "mine");
    Plan plan = Planner.plan(Requests.of(policy, gpus, nodes, said));
    String yaml = plan.yaml(new GivenKeys(Optional.of(preset), said.keySet()));

    assertThat(yaml).contains("preset: \"" + preset).doesNotContain("policy:", "data:");
    assertThat(
            ConfigLoader.load(
                Files.writeString(folder.resolve("plan.yaml"), yaml), Map.of(), Map.of()))
        .isEqualTo(plan.config());
    assertThat(ConfigLoader.given(folder.resolve("plan.yaml"), Map.of(), Map.of()).keys())
        .containsAll(said.keySet())
        .containsAll(Set.copyOf(Keys.PLANNED))
        .doesNotContain("policy.path", "data.train");
  }

  @ParameterizedTest
  @CsvSource({"R1_1_5B, drpo-1.5b-8k", "R1_7B, drpo-7b-8k"})
  void thePapersPresetsAreAsGoodAsThePlanOfANodeOfEightGpus(KnownPolicy policy, String preset) {
    Plan best = Planner.plan(Requests.of(policy, "8x80GB", 1, Map.of()));
    RunConfig config = Requests.config(preset, Map.of());
    int replicas = config.rollout().deviceNames().size();
    StepTime time =
        new TimeModel(
                policy.model(), best.request().fleet().card(), Rates.GPU, best.request().lengths())
            .step(config, replicas, RolloutChoices.cachedTokens(config), true);
    Plan placed = new Plan(best.request(), config, replicas, time, 0, List.of());

    assertThat(placed.learners() + replicas).isEqualTo(8);
    assertThat(placed.uses()).allMatch(Use::fits);
    assertThat(time.total()).isLessThan(1.05 * best.time().total());
  }

  @Test
  void aPlanKeepsWhatShapesTheRun() {
    Plan plan = Planner.plan(Requests.of(KnownPolicy.R1_1_5B, "8x80GB", 1, Map.of()));
    Map<String, String> before = ConfigLoader.toKeys(plan.request().config());
    assertThat(ConfigLoader.toKeys(plan.config()))
        .allSatisfy(
            (key, value) -> {
              if (!Keys.PLANNED.contains(key)) {
                assertThat(value).as(key).isEqualTo(before.get(key));
              }
            });
  }

  @Test
  void longerResponsesAndFewerCardsTakeLonger() {
    double usual = seconds("8x80GB", 4000);
    assertThat(seconds("8x80GB", 6000)).isGreaterThan(usual);
    assertThat(seconds("4x80GB", 4000)).isGreaterThan(usual);
    assertThat(seconds("8xH100", 4000)).isLessThan(usual);
  }

  private static double seconds(String gpus, double tokens) {
    Request usual = Requests.of(KnownPolicy.R1_1_5B, gpus, 1, Map.of());
    return Planner.plan(
            new Request(
                usual.title(),
                usual.model(),
                usual.config(),
                usual.fleet(),
                Lengths.of(usual.config().sampling(), OptionalDouble.of(tokens))))
        .time()
        .total();
  }

  @Test
  void theQuickstartFitsOnACpuAndThePapersRunDoesNot() {
    RunConfig config =
        Requests.config("drpo-7b-8k", Map.of("training.devices", "cpu", "rollout.devices", "cpu"));
    Fleet cpu = Fleet.cpu(Card.cpu(2, 16_000_000_000L));
    assertThatThrownBy(
            () ->
                Planner.plan(
                    new Request(
                        "7B",
                        KnownPolicy.R1_7B.model(),
                        config,
                        cpu,
                        Lengths.of(config.sampling(), OptionalDouble.empty()))))
        .isInstanceOf(UnplannableException.class)
        .hasMessageContaining("does not fit into this machine's memory");

    RunConfig small = Requests.config("quickstart", Map.of());
    Plan plan =
        Planner.plan(
            new Request(
                "small",
                Shapes.SMALL,
                small,
                cpu,
                Lengths.of(small.sampling(), OptionalDouble.empty())));
    assertThat(plan.uses()).hasSize(1).allMatch(Use::fits);
    assertThat(plan.config().rollout().slots()).isEqualTo(small.rollout().slots());
  }
}
