package dev.drpo.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.engines.ExternalEngineSettings.Server;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.FinishReason;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.Sampling;
import dev.drpo.generation.SwapInFlight;
import dev.drpo.generation.VersionSpan;
import dev.drpo.generation.WeightUpdate;
import dev.drpo.generation.WeightUpdateOutcome;
import dev.drpo.generation.WeightUpdatePolicy;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both protocols, against servers that speak them and misbehave. */
class ExternalEngineTest {
  private static final Deadlines QUICK =
      new Deadlines(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMillis(20),
          Duration.ofMillis(10),
          Duration.ofMinutes(2));
  private static final int BUDGET = 24;

  @TempDir private Path temp;
  private PolicyFolder policy;
  private PolicyVersion starting;
  private FakeServer server;
  private ExternalEngine engine;

  @BeforeEach
  void write() throws IOException {
    policy = TinyPolicy.write(temp.resolve("policy"), 1);
    starting = TinyPolicy.version(0, policy.weightsFile());
  }

  @AfterEach
  void stop() {
    if (engine != null) {
      engine.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private void start(Server kind, WeightUpdatePolicy updates) throws IOException {
    start(kind, updates, QUICK);
  }

  private void start(Server kind, WeightUpdatePolicy updates, Deadlines deadlines)
      throws IOException {
    server =
        switch (kind) {
          case VLLM -> new FakeVllm(policy.path());
          case SGLANG -> new FakeSglang(policy.path());
        };
    engine =
        ExternalEngine.start(
            new ExternalEngineSettings(
                kind,
                server.address(),
                policy,
                starting,
                temp.resolve("engine"),
                ElementType.F32,
                Set.of(TinyPolicy.END),
                EngineLimits.of(8, 64, 64, TinyPolicy.CONFIG),
                updates,
                deadlines));
  }

  private static GroupRequest request(int group, long requiredStep) {
    return new GroupRequest(
        new int[] {1, 2, 3}, new Sampling(0.6, 1, group, BUDGET, 5), 77, requiredStep);
  }

  private List<SampledResponse> sample(GroupRequest request) throws Exception {
    return submit(request).get(2, TimeUnit.MINUTES).responses();
  }

  private GroupSampling submit(GroupRequest request) {
    return engine.submit(request, ResponseListener.NONE);
  }

  private PolicyVersion offer(long step, List<WeightUpdate> updates) throws IOException {
    Path file = TinyPolicy.weights(temp.resolve("step-" + step + ".safetensors"), 10 + step);
    PolicyVersion version = TinyPolicy.version(step, file);
    updates.add(engine.offer(version, file));
    return version;
  }

  @ParameterizedTest
  @EnumSource
  void everyResponseIsARequestWithSeedsThatStayTheSame(Server kind) throws Exception {
    start(kind, new FinishThenSwap());
    AtomicInteger told = new AtomicInteger();
    List<SampledResponse> responses =
        engine
            .submit(request(4, 0), (sample, response) -> told.incrementAndGet())
            .get(2, TimeUnit.MINUTES)
            .responses();
    assertThat(told).hasValue(4);
    assertThat(server.asked()).hasSize(4);
    List<Long> seeds = server.asked().stream().map(Spoken::seed).distinct().sorted().toList();
    assertThat(seeds).hasSize(4);
    for (SampledResponse response : responses) {
      assertThat(response.versions())
          .containsExactly(new VersionSpan(starting, response.tokens().length));
      assertThat(response.logProbabilities()).isEqualTo(response.samplingLogProbabilities());
      assertThat(response.logProbabilities()[0])
          .isEqualTo(FakeServer.logProbability(response.tokens()[0], server.label()));
      boolean stopped = response.tokens()[response.tokens().length - 1] == TinyPolicy.END;
      assertThat(response.finishReason())
          .isEqualTo(stopped ? FinishReason.STOP : FinishReason.LENGTH);
    }
    assertThat(engine.status().tokens())
        .isEqualTo(responses.stream().mapToInt(response -> response.tokens().length).sum());
    assertThat(engine.status().groups()).isEqualTo(1);
    List<SampledResponse> again = sample(request(4, 0));
    for (int i = 0; i < 4; i++) {
      assertThat(again.get(i).tokens()).isEqualTo(responses.get(i).tokens());
    }
  }

  /** The exchange as the servers' documents have it, with every parameter of sampling. */
  @ParameterizedTest
  @EnumSource
  void aRequestSaysEverythingThatACheckpointCouldOtherwiseDecide(Server kind) throws Exception {
    start(kind, new FinishThenSwap());
    sample(request(1, 0));
    JsonNode body = server.bodies().getFirst();
    JsonNode sampling = kind == Server.VLLM ? body : body.get("sampling_params");
    assertThat(sampling.get("temperature").asDouble()).isEqualTo(0.6);
    assertThat(sampling.get("top_p").asDouble()).isEqualTo(1);
    assertThat(sampling.get("top_k").asInt()).isEqualTo(-1);
    assertThat(sampling.get("min_p").asDouble()).isZero();
    assertThat(sampling.get("repetition_penalty").asDouble()).isEqualTo(1);
    assertThat(sampling.get("presence_penalty").asDouble()).isZero();
    assertThat(sampling.get("frequency_penalty").asDouble()).isZero();
    assertThat(sampling.get("stop_token_ids")).hasSize(1);
    assertThat(sampling.get("skip_special_tokens").asBoolean()).isFalse();
    assertThat(sampling.get("n").asInt()).isEqualTo(1);
    if (kind == Server.VLLM) {
      assertThat(body.get("model").asText()).isEqualTo("policy");
      assertThat(body.get("logprobs").asInt(-1)).isZero();
      assertThat(body.get("return_token_ids").asBoolean()).isTrue();
      assertThat(body.get("cache_salt").asText()).isEqualTo(server.label());
      assertThat(body.get("vllm_xargs").get("drpo_stream").asLong()).isEqualTo(77);
    } else {
      assertThat(body.get("return_logprob").asBoolean()).isTrue();
      assertThat(sampling.get("no_stop_trim").asBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatGoesWrongOnceIsSampledAgainAndCountedOnce(Mischief mischief) throws Exception {
    for (Server kind : Server.values()) {
      start(kind, new FinishThenSwap());
      server.willDo(mischief);
      List<SampledResponse> responses = sample(request(3, 0));
      assertThat(responses).hasSize(3);
      assertThat(engine.status().tokens())
          .as("tokens of answers that were used")
          .isEqualTo(responses.stream().mapToInt(response -> response.tokens().length).sum());
      assertThat(engine.status().groups()).isEqualTo(1);
      assertThat(server.asked()).hasSize(4);
      long unusable = engine.status().unusable().values().stream().mapToLong(Long::longValue).sum();
      boolean answered =
          !Set.of(
                  Mischief.ERROR,
                  Mischief.HANG_UP,
                  Mischief.ABORTED,
                  Mischief.ABORTED_BEFORE_PREFILL)
              .contains(mischief);
      assertThat(unusable).as("%s by %s", mischief, kind).isEqualTo(answered ? 1 : 0);
      stop();
      engine = null;
      server = null;
    }
  }

  @Test
  void whatGoesWrongAlwaysEndsItsGroupWithTheReasonAndNoOther() throws Exception {
    start(Server.VLLM, new FinishThenSwap());
    Mischief[] always = new Mischief[Dispatch.MOST_FAILURES];
    Arrays.fill(always, Mischief.NAN);
    server.willDo(always);
    GroupSampling hopeless = submit(request(1, 0));
    assertThatThrownBy(() -> hopeless.get(2, TimeUnit.MINUTES))
        .hasMessageContaining("in 5 attempts")
        .hasMessageContaining("lacks a log-probability");
    assertThat(engine.status().unusable()).containsEntry("missing-log-probability", 5L);
    assertThat(sample(request(2, 0))).hasSize(2);
    assertThat(engine.status().groups()).isEqualTo(1);
  }

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

  @ParameterizedTest
  @EnumSource
  void aGroupThatNobodyWaitsForGivesItsSlotsBack(Server kind) throws Exception {
    start(kind, new FinishThenSwap());
    Await.until("reached", () -> engine.status().obstacle().isEmpty());
    server.hold();
    GroupSampling abandoned = submit(request(8, 0));
    Await.until("running", () -> server.running() == 8);
    GroupSampling next = submit(request(8, 0));
    Await.until("the next waits", () -> engine.status().waitingGroups() == 1);
    abandoned.cancel(false);
    Await.until(
        "told", () -> server.calls().stream().filter(c -> c.contains("abort")).count() >= 8);
    Await.until("the next begins", () -> engine.status().waitingGroups() == 0);
    server.release();
    assertThat(next.get(2, TimeUnit.MINUTES).responses()).hasSize(8);
    assertThat(engine.status().groups()).isEqualTo(1);
  }

  @Test
  void aServerThatStaysAwayEndsTheReplicaSoThatOthersTakeItsTasks() throws Exception {
    Deadlines impatient =
        new Deadlines(
            QUICK.connect(),
            QUICK.administration(),
            QUICK.load(),
            QUICK.generation(),
            QUICK.poll(),
            QUICK.pause(),
            Duration.ofMillis(300));
    start(Server.VLLM, new FinishThenSwap(), impatient);
    server.die();
    GroupSampling group = submit(request(1, 0));
    assertThatThrownBy(() -> group.get(2, TimeUnit.MINUTES))
        .hasCauseInstanceOf(EngineStoppedException.class)
        .hasMessageContaining("has not worked for");
    assertThat(engine.status().failure()).isPresent();
  }

  @Test
  void underTruncationTheWholeDistributionsLogProbabilitiesAreNotMadeUp() throws Exception {
    start(Server.VLLM, new FinishThenSwap());
    SampledResponse response =
        sample(new GroupRequest(new int[] {1}, new Sampling(1, 0.9, 1, BUDGET, 5), 7, 0))
            .getFirst();
    for (int i = 0; i < response.tokens().length; i++) {
      assertThat(response.logProbabilities()[i]).isNaN();
      assertThat(response.samplingLogProbabilities()[i]).isNegative();
    }
  }
}
