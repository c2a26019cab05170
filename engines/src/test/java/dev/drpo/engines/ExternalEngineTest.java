package dev.drpo.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.engines.ExternalEngineSettings.Server;
import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.FinishReason;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.Sampling;
import dev.drpo.generation.VersionSpan;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sampling by both protocols, from servers that speak them and misbehave. */
class ExternalEngineTest extends ExternalEngineFixture {
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
