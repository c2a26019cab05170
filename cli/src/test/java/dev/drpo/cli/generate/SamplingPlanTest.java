package dev.drpo.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.GenerationConfig;
import dev.drpo.policy.sampler.SamplingLaw;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SamplingPlanTest {
  @Command
  private static final class Options {
    @Mixin private SamplingOptions sampling;
  }

  @Test
  void withoutSuggestionsTheWholeDistributionIsSampled() {
    assertThat(plan("").toString()).isEqualTo("temperature 1.0, at most 2,048 tokens, seed 0");
  }

  @Test
  void whatTheCheckpointSuggestsIsFollowedAndSaid() {
    SamplingPlan plan =
        plan(
            "",
            "do_sample",
            "true",
            "temperature",
            "0.7",
            "top_p",
            "0.8",
            "top_k",
            "20",
            "min_p",
            "0.1",
            "max_new_tokens",
            "99");

    assertThat(plan.law()).isEqualTo(new SamplingLaw(0.7, 0.8, 20, 0.1));
    assertThat(plan.maxTokens()).isEqualTo(99);
    assertThat(plan.toString())
        .isEqualTo(
            "temperature 0.7, top-k 20, top-p 0.8, min-p 0.1, at most 99 tokens, seed 0; from"
                + " generation_config.json: temperature, top_p, top_k, min_p, max_new_tokens");
  }

  @Test
  void optionsReplaceSuggestionsEvenThoseThatCouldNotBeFollowed() {
    SamplingPlan plan =
        plan(
            "--temperature 0.5 --top-p 0.9 --top-k 4 --min-p 0 --max-tokens 7 --seed 3 --samples 2",
            "temperature",
            "-1",
            "top_p",
            "\"much\"",
            "max_new_tokens",
            "0.5");

    assertThat(plan.toString())
        .isEqualTo("temperature 0.5, top-k 4, top-p 0.9, at most 7 tokens, seed 3");
    assertThat(plan.samples()).isEqualTo(2);
  }

  @Test
  void aCheckpointThatDoesNotSampleIsGreedyUnlessATemperatureIsGiven() {
    assertThat(plan("", "do_sample", "false", "temperature", "0.7", "top_p", "0.8").toString())
        .startsWith("greedy, ")
        .endsWith("from generation_config.json: do_sample false");
    assertThat(plan("--temperature 0.5", "do_sample", "false").law())
        .isEqualTo(SamplingLaw.at(0.5));
  }

  @Test
  void suggestionsThatAreNotFollowedAreNamed() {
    assertThat(plan("", "max_length", "20", "repetition_penalty", "1.05").toString())
        .endsWith("; not followed there: max_length 20, repetition_penalty 1.05");
  }

  @ParameterizedTest
  @CsvSource({
    "temperature,-1",
    "temperature,true",
    "top_p,0",
    "top_p,1.5",
    "max_new_tokens,0.5",
    "top_k,-1",
    "top_k,1.5",
    "min_p,1"
  })
  void aSuggestionOutOfRangeIsRefused(String name, String value) {
    assertThatExceptionOfType(PolicyFormatException.class)
        .isThrownBy(() -> plan("", name, value))
        .withMessageContaining("generation_config.json: " + name + " is " + value);
  }

  @Test
  void aResponseEndsWhereTheSequenceDoes() {
    assertThat(plan("--max-tokens 30").sampling(20, 40).maxResponseTokens()).isEqualTo(20);
    assertThat(plan("--max-tokens 30").sampling(5, 40).maxResponseTokens()).isEqualTo(30);
  }

  private static SamplingPlan plan(String options, String... suggestions) {
    SequencedMap<String, String> suggested = new LinkedHashMap<>();
    for (int i = 0; i < suggestions.length; i += 2) {
      suggested.put(suggestions[i], suggestions[i + 1]);
    }
    Options command = new Options();
    new CommandLine(command).parseArgs(options.isEmpty() ? new String[0] : options.split(" "));
    return SamplingPlan.of(command.sampling, new GenerationConfig(Set.of(0), suggested));
  }
}
