package dev.drpo.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.engines.ExternalEngineSettings.Server;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.SwapInFlight;
import dev.drpo.generation.VersionSpan;
import dev.drpo.generation.WeightUpdate;
import dev.drpo.generation.WeightUpdateOutcome;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of both kinds of servers, which load them, or do not, and restart. */
class ExternalWeightsTest extends ExternalEngineFixture {
  @ParameterizedTest
  @EnumSource
  void groupsFinishOnTheWeightsThatTheyStartedWith(Server kind) throws Exception {
    start(kind, new FinishThenSwap());
    Await.until("reached", () -> engine.status().obstacle().isEmpty());
    server.hold();
    GroupSampling before = submit(request(4, 0));
    GroupSampling later = submit(request(2, 1));
    Await.until("running", () -> server.running() == 4);
    List<WeightUpdate> updates = new ArrayList<>();
    PolicyVersion next = offer(1, updates);
    updates.getFirst().loaded().get(2, TimeUnit.MINUTES);
    GroupSampling behind = submit(request(2, 0));
    assertThat(server.loads()).as("loads while a group runs").hasSize(1);
    server.release();
    assertThat(before.get(2, TimeUnit.MINUTES).responses())
        .allSatisfy(
            r ->
                assertThat(r.versions())
                    .extracting(VersionSpan::version)
                    .containsExactly(starting));
    for (GroupSampling group : List.of(later, behind)) {
      assertThat(group.get(2, TimeUnit.MINUTES).responses())
          .allSatisfy(
              r -> assertThat(r.versions()).extracting(VersionSpan::version).containsExactly(next));
    }
    assertThat(updates.getFirst().outcome().join()).isEqualTo(WeightUpdateOutcome.APPLIED);
    assertThat(updates.getFirst().firstToken()).isDone();
    assertThat(engine.status().version()).isEqualTo(next);
    assertThat(server.isPaused()).isFalse();
    try (Stream<Path> folders = Files.list(temp.resolve("engine"))) {
      assertThat(folders.filter(Files::isDirectory)).containsExactly(server.loads().getLast());
    }
  }

  @ParameterizedTest
  @EnumSource
  void weightsThatAreSwappedInFlightLeaveEveryTokenItsVersion(Server kind) throws Exception {
    start(kind, new SwapInFlight());
    Await.until("reached", () -> engine.status().obstacle().isEmpty());
    server.hold();
    GroupSampling group = submit(request(2, 0));
    Await.until("running", () -> server.running() == 2);
    PolicyVersion next = offer(1, new ArrayList<>());
    Await.until("continued", () -> server.asked().size() == 4);
    server.release();
    List<SampledResponse> responses = group.get(2, TimeUnit.MINUTES).responses();
    for (int i = 0; i < 2; i++) {
      SampledResponse response = responses.get(i);
      assertThat(response.versions())
          .containsExactly(
              new VersionSpan(starting, 2), new VersionSpan(next, response.tokens().length - 2));
      List<Integer> prompt =
          IntStream.concat(
                  IntStream.of(1, 2, 3), IntStream.of(response.tokens()[0], response.tokens()[1]))
              .boxed()
              .toList();
      assertThat(server.asked().subList(2, 4))
          .anySatisfy(
              asked -> {
                assertThat(asked.prompt()).isEqualTo(prompt);
                assertThat(asked.budget()).isEqualTo(BUDGET - 2);
              });
    }
    assertThat(server.asked().stream().map(Spoken::seed).distinct()).hasSize(4);
    assertThat(server.isPaused()).isFalse();
  }

  /** It comes back with the weights that it was started with, which are not those of the run. */
  @ParameterizedTest
  @EnumSource
  void aServerThatRestartsIsGivenItsWeightsAgainAndWhatItLostIsSampledAgain(Server kind)
      throws Exception {
    start(kind, new FinishThenSwap());
    List<WeightUpdate> updates = new ArrayList<>();
    PolicyVersion next = offer(1, updates);
    updates.getFirst().outcome().get(2, TimeUnit.MINUTES);
    server.hold();
    GroupSampling group = submit(request(4, 0));
    Await.until("running", () -> server.running() == 4);
    server.die();
    Await.until("noticed", () -> engine.status().obstacle().isPresent());
    assertThat(group).isNotDone();
    server.comeBack();
    List<SampledResponse> responses = group.get(2, TimeUnit.MINUTES).responses();
    assertThat(responses)
        .allSatisfy(
            r ->
                assertThat(r.versions()).containsExactly(new VersionSpan(next, r.tokens().length)));
    assertThat(engine.status().tokens())
        .isEqualTo(responses.stream().mapToInt(r -> r.tokens().length).sum());
    assertThat(server.loads()).doesNotHaveDuplicates();
    assertThat(engine.status().obstacle()).isEmpty();
  }

  /** Without a label to ask for, what it says of the fixed prompt is all there is to go by. */
  @Test
  void aServerThatKeepsNoLabelsIsGivenItsWeightsAgainWheneverAConnectionBreaks() throws Exception {
    start(Server.VLLM, new FinishThenSwap());
    ((FakeVllm) server).knowsNoLabels();
    sample(request(1, 0));
    int before = server.loads().size();
    server.willDo(Mischief.HANG_UP);
    assertThat(sample(request(2, 0))).hasSize(2);
    assertThat(server.loads()).hasSize(before + 1);
  }

  @ParameterizedTest
  @EnumSource
  void weightsThatAServerOnlySaysItLoadedKeepTheReplicaFromSampling(Server kind) throws Exception {
    start(kind, new FinishThenSwap());
    sample(request(1, 0));
    server.doNotLoad(true);
    List<WeightUpdate> updates = new ArrayList<>();
    offer(1, updates);
    Await.until("noticed", () -> engine.status().obstacle().isPresent());
    assertThat(engine.status().obstacle().orElseThrow()).contains("it has not loaded them");
    assertThat(engine.status().failure()).isEmpty();
    GroupSampling waits = submit(request(1, 1));
    assertThat(updates.getFirst().outcome()).isNotDone();
    assertThat(server.isPaused()).as("left paused").isFalse();
    server.doNotLoad(false);
    assertThat(waits.get(2, TimeUnit.MINUTES).responses()).hasSize(1);
    assertThat(server.loads()).doesNotHaveDuplicates();
    assertThat(updates.getFirst().outcome().get(1, TimeUnit.MINUTES))
        .isEqualTo(WeightUpdateOutcome.APPLIED);
  }

  @ParameterizedTest
  @EnumSource
  void logProbabilitiesBeforeTemperatureKeepTheReplicaFromSampling(Server kind) throws Exception {
    start(kind, new FinishThenSwap());
    sample(request(1, 0));
    server.tellsRawLogProbabilities();
    offer(1, new ArrayList<>());
    Await.until("noticed", () -> engine.status().obstacle().isPresent());
    assertThat(engine.status().obstacle().orElseThrow())
        .contains("tells log-probabilities before temperature");
  }

  @ParameterizedTest
  @EnumSource
  void aServerIsNeverLeftPausedWhateverBecomesOfALoad(Server kind) throws Exception {
    start(kind, new SwapInFlight());
    sample(request(1, 0));
    // More than one load tries.
    server.failLoads(4);
    List<WeightUpdate> updates = new ArrayList<>();
    offer(1, updates);
    assertThat(updates.getFirst().outcome().get(2, TimeUnit.MINUTES))
        .isEqualTo(WeightUpdateOutcome.APPLIED);
    assertThat(server.isPaused()).isFalse();
    if (kind == Server.VLLM) {
      long pauses = server.calls().stream().filter(call -> call.startsWith("/pause")).count();
      assertThat(server.calls().stream().filter("/resume"::equals).count()).isEqualTo(pauses);
    }
  }

  @Test
  void onlyTheNewestOfSeveralUpdatesIsLoaded() throws Exception {
    start(Server.VLLM, new FinishThenSwap());
    Await.until("reached", () -> engine.status().obstacle().isEmpty());
    server.hold();
    GroupSampling group = submit(request(1, 0));
    Await.until("running", () -> server.running() == 1);
    List<WeightUpdate> updates = new ArrayList<>();
    offer(1, updates);
    updates.getFirst().loaded().get(2, TimeUnit.MINUTES);
    PolicyVersion newest = offer(2, updates);
    assertThat(updates.getFirst().outcome().get(2, TimeUnit.MINUTES))
        .isEqualTo(WeightUpdateOutcome.SUPERSEDED);
    server.release();
    assertThat(updates.getLast().outcome().get(2, TimeUnit.MINUTES))
        .isEqualTo(WeightUpdateOutcome.APPLIED);
    assertThat(group.join().responses().getFirst().versions().getFirst().version())
        .isEqualTo(starting);
    assertThat(engine.status().version()).isEqualTo(newest);
  }

  @Test
  void weightsOfAnotherDigestAreRefusedBeforeTheServerHearsOfThem() throws Exception {
    start(Server.VLLM, new FinishThenSwap());
    sample(request(1, 0));
    int before = server.loads().size();
    Path file = TinyPolicy.weights(temp.resolve("other.safetensors"), 3);
    WeightUpdate update = engine.offer(new PolicyVersion(1, starting.digest()), file);
    assertThatThrownBy(() -> update.outcome().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(PolicyFormatException.class);
    assertThat(server.loads()).hasSize(before);
    assertThat(sample(request(1, 0))).hasSize(1);
  }
}
