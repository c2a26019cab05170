package dev.drpo.rollout.engineapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.Sampling;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.rollout.openai.CompletionRequest;
import dev.drpo.rollout.openai.RequestReader;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineControlTest {
  private static final int STREAM = 77;

  @TempDir private Path folder;
  private PolicyTokenizer tokenizer;
  private GenerationEngine engine;
  private EngineControl control;

  @BeforeEach
  void start() throws IOException {
    PolicyFolder policy = TinyPolicy.write(folder.resolve("policy"), 1, TinyPolicy.Preset.VECTORS);
    tokenizer = PolicyTokenizer.load(policy.path());
    // One whose responses all take their budget, and whose bits depend on nothing else.
    engine =
        GenerationEngine.start(
            new EngineSettings(
                TinyPolicy.Preset.VECTORS.config(),
                policy.weightsFile(),
                TinyPolicy.version(0, policy.weightsFile()),
                Set.of(),
                EngineLimits.of(8, 300, 500, TinyPolicy.Preset.VECTORS.config()),
                EngineSettings.Compute.ONE_THREAD,
                new FinishThenSwap()));
    control = new EngineControl(engine, tokenizer::decode, Set.of());
  }

  @AfterEach
  void stop() {
    engine.close();
    tokenizer.close();
  }

  /** What makes a run with an engine of another process the same as one without. */
  @Test
  void aResponseAskedForByItselfIsTheOneOfItsGroupToTheLastBit() throws Exception {
    List<SampledResponse> group = group(40);
    for (int sample = 0; sample < 3; sample++) {
      JsonNode choice = answer(request("[1, 2]", 40, sample, 0)).at("/choices/0");
      assertSame(choice, group.get(sample), 0);
      assertThat(choice.get("finish_reason").asText()).isEqualTo("length");
    }
  }

  @Test
  void aResponseThatIsContinuedIsDrawnAsIfItHadNeverBeenCut() throws Exception {
    SampledResponse whole = group(40).get(1);
    String prompt =
        "[1, 2, %d, %d, %d]".formatted(whole.tokens()[0], whole.tokens()[1], whole.tokens()[2]);
    JsonNode rest = answer(request(prompt, 37, 1, 3)).at("/choices/0");
    assertThat(tokens(rest)).isEqualTo(List.of(boxed(whole, 3)));
  }

  @Test
  void aPauseCutsWhatRunsAndKeepsWhatComesUntilItsEnd() throws Exception {
    control.label("7");
    TokenSampling running = control.begin(request("[1, 2]", 500, 0, 0));
    Await.until("it runs", () -> engine.status().tokens() > 0);
    control.pause(true);
    ObjectNode cut = control.answer(running, "m", Instant.EPOCH);
    assertThat(cut.at("/choices/0/finish_reason").asText()).isEqualTo("abort");
    assertThat(cut.get("weight_version").asText()).isEqualTo("7");
    List<Integer> begun = tokens(cut.at("/choices/0"));
    assertThat(begun).isNotEmpty().hasSizeLessThan(500);
    CompletableFuture<ObjectNode> later =
        CompletableFuture.supplyAsync(() -> answerUnchecked(request("[1, 2]", 5, 0, 0)));
    control.load(TinyPolicy.write(folder.resolve("next"), 2, TinyPolicy.Preset.VECTORS).path());
    control.label("8");
    assertThat(later).isNotDone();
    control.resume();
    assertThat(later.join().get("weight_version").asText()).isEqualTo("8");
    assertThat(engine.status().version().digest())
        .isEqualTo(TinyPolicy.version(1, folder.resolve("next/model.safetensors")).digest());
  }

  @Test
  void aPauseThatWaitsLetsWhatRunsEnd() throws Exception {
    TokenSampling running = control.begin(request("[1, 2]", 300, 0, 0));
    control.pause(false);
    assertThat(tokens(control.answer(running, "m", Instant.EPOCH).at("/choices/0"))).hasSize(300);
  }

  @Test
  void aRequestIsCutByItsName() throws Exception {
    TokenSampling running = control.begin(request("[1, 2]", 500, 0, 0));
    control.cut(List.of("cmpl-other-0", "cmpl-mine-0"));
    assertThat(control.answer(running, "m", Instant.EPOCH).at("/choices/0/finish_reason").asText())
        .isEqualTo("abort");
  }

  @Test
  void aFolderWithoutFittingWeightsLeavesThoseBefore() throws Exception {
    Path other = TinyPolicy.write(folder.resolve("slim"), 1, TinyPolicy.Preset.SLIM).path();
    for (Path wrong : List.of(folder.resolve("nowhere"), other)) {
      assertThatThrownBy(() -> control.load(wrong))
          .isInstanceOf(ApiException.class)
          .hasMessageContaining("model");
    }
    assertThat(engine.status().version().step()).isZero();
  }

  @Test
  void callsThatAreNoneOfTheseAreRefused() {
    assertThatThrownBy(() -> ControlRequest.weightsPath(json("{\"method\": \"shutdown\"}")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("reload_weights is the only one");
    assertThatThrownBy(
            () ->
                ControlRequest.weightsPath(
                    json(
                        "{\"method\": \"reload_weights\", \"kwargs\": {\"weights_path\": \"a/b\"}}")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("the absolute name of a folder");
    assertThatThrownBy(() -> ControlRequest.version(json("{\"new_version\": 3}")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("new_version");
  }

  private List<SampledResponse> group(int budget) {
    return engine
        .submit(
            new GroupRequest(new int[] {1, 2}, new Sampling(1, 1, 3, budget, 5), STREAM, 0),
            ResponseListener.NONE)
        .join()
        .responses();
  }

  private CompletionRequest request(String prompt, int budget, int sample, int token) {
    String body =
        """
        {"model": "m", "request_id": "mine", "prompt": %s, "max_tokens": %d, "temperature": 1, "top_k": -1,
         "repetition_penalty": 1, "seed": 9, "logprobs": 0, "return_token_ids": true,
         "stop_token_ids": [], "skip_special_tokens": false, "cache_salt": "1", "stream": false,
         "vllm_xargs": {"drpo_seed": 5, "drpo_stream": %d, "drpo_sample": %d, "drpo_token": %d}}
        """
            .formatted(prompt, budget, STREAM, sample, token);
    return new RequestReader("m", tokenizer, engine.limits(), true).completion(json(body));
  }

  private ObjectNode answer(CompletionRequest request) throws InterruptedException {
    return control.answer(control.begin(request), "m", Instant.EPOCH);
  }

  private ObjectNode answerUnchecked(CompletionRequest request) {
    try {
      return answer(request);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Integer> tokens(JsonNode choice) {
    return StreamSupport.stream(choice.get("token_ids").spliterator(), false)
        .map(JsonNode::intValue)
        .toList();
  }

  private static Integer[] boxed(SampledResponse response, int from) {
    Integer[] tokens = new Integer[response.tokens().length - from];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = response.tokens()[from + i];
    }
    return tokens;
  }

  private static void assertSame(JsonNode choice, SampledResponse response, int from) {
    assertThat(tokens(choice)).isEqualTo(List.of(boxed(response, from)));
    JsonNode values = choice.at("/logprobs/token_logprobs");
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.get(i).floatValue())
          .isEqualTo(response.samplingLogProbabilities()[from + i]);
    }
  }
}
