package dev.drpo.cli.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over a policy whose template makes {@code w1 …} of a user's message and adds {@code w2}. */
class TraceFileTest {
  @TempDir static Path folder;
  private static PolicyFolder policy;
  private static PolicyTokenizer tokenizer;

  @BeforeAll
  static void writeThePolicy() throws IOException {
    policy = TinyPolicy.write(folder.resolve("policy"), 1, TinyPolicy.Preset.NARROW);
    tokenizer = PolicyTokenizer.load(policy.path());
  }

  @AfterAll
  static void closeTheTokenizer() {
    tokenizer.close();
  }

  @Test
  void everyFormGivesThePromptTheResponseAndItsEnd() throws Exception {
    List<Sequence> sequences =
        read(
                """
                {"id": 7, "messages": [{"role": "user", "content": "w3 w4"}, {"role": "assistant", "content": "w5 w6"}]}
                {"messages": [{"role": "system", "content": "w3"}, {"role": "user", "content": "w4"}, {"role": "assistant", "content": "w5"}, {"role": "user", "content": "w6"}, {"role": "assistant", "content": "w7"}]}

                {"prompt": "w3 w4", "response": "w5 <end>", "gold": ["x"]}
                {"promptTokens": [3, 4], "responseTokens": [5, 0]}
                {"promptTokens": [3], "responseTokens": [5]}
                """,
                Optional.empty())
            .sequences();

    assertThat(sequences.stream().map(Sequence::prompt))
        .containsExactly(
            new int[] {1, 3, 4, 2},
            new int[] {9, 3, 1, 4, 1, 5, 1, 6, 2},
            new int[] {3, 4},
            new int[] {3, 4},
            new int[] {3});
    assertThat(sequences.stream().map(Sequence::response))
        .containsExactly(
            new int[] {5, 6, 0},
            new int[] {7, 0},
            new int[] {5, 0},
            new int[] {5, 0},
            new int[] {5, 0});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json | it is not JSON",
        "[1] | it must be a JSON object with messages, or prompt and response, or promptTokens",
        "{\"id\": 1} | it has no trace; give messages",
        "{\"prompt\": \"w1\"} | it has prompt and no response",
        "{\"responseTokens\": [1]} | it has responseTokens and no promptTokens",
        "{\"prompt\": \"w1\", \"response\": 5} | response must be a string",
        "{\"prompt\": \"w1\", \"response\": \"w1\", \"promptTokens\": [1], \"responseTokens\": [1]} | it has several traces",
        "{\"promptTokens\": [1], \"responseTokens\": [16]} | item 0 of responseTokens is 16, but the policy knows ids from 0 to 15",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"w1\"}]} | the last of its messages is the user's; a trace ends with what the assistant answers",
        "{\"messages\": [{\"role\": \"assistant\", \"content\": \"w1\"}]} | it has an answer alone",
        "{\"messages\": [{\"role\": \"bot\", \"content\": \"w1\"}]} | messages[0].role is 'bot'; it must be one of system, user, assistant",
        "{\"prompt\": \"\", \"response\": \"w1\"} | the prompt is empty",
        "{\"prompt\": \"w1\", \"response\": \"\"} | the response is empty; leave the line out",
        "{\"prompt\": \"w1\", \"response\": \"w1 <end> w2\"} | token 1 of the response (id 0) ends a response, but others follow",
        "{\"prompt\": \"w1\", \"response\": \"w99\"} | the tokenizer refuses the text"
      })
  void aMalformedLineIsRefusedWithItsFileItsNumberAndTheRemedy(String line, String message) {
    assertThatThrownBy(
            () ->
                read(
                    "{\"prompt\": \"w1\", \"response\": \"w2\"}\n\n" + line + "\n",
                    Optional.empty()))
        .isInstanceOf(UsageError.class)
        .hasMessageStartingWith(folder.resolve("traces.jsonl") + ", line 3: ")
        .hasMessageContaining(message);
  }

  @Test
  void anAnswerThatRepeatsWhatTheTemplateOpenedIsRefused() throws Exception {
    Path other = TinyPolicy.write(folder.resolve("opening"), 1).path();
    Files.writeString(
        other.resolve("tokenizer_config.json"), "{\"chat_template\": \"w1 w2 <think>\\n\"}");
    try (PolicyTokenizer opening = PolicyTokenizer.load(other)) {
      TraceEncoder encoder = new TraceEncoder(opening, 0, 16);
      Trace trace =
          TraceLines.read(
              "{\"messages\": [{\"role\": \"user\", \"content\": \"w3\"},"
                  + " {\"role\": \"assistant\", \"content\": \"<think> w5\"}]}");

      assertThatThrownBy(() -> encoder.encode(trace))
          .isInstanceOf(RefusedTrace.class)
          .hasMessageContaining("ends the prompt with <think>, with which the answer begins again");
    }
  }

  @Test
  void traceBeyondTheContextIsRefusedAndOneBeyondTheLimitLeftOut() throws Exception {
    String lines =
        "{\"prompt\": \"w1\", \"response\": \"w2\"}\n{\"prompt\": \"w1\", \"response\": \"%s\"}\n"
            .formatted("w3 ".repeat(63));

    assertThatThrownBy(() -> read(lines, Optional.empty()))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("line 2: its 65 tokens exceed the policy's context of 64")
        .hasMessageContaining("--max-tokens 64");
    TraceFile traces = read(lines, Optional.of(64));
    assertThat(traces.sequences()).hasSize(1);
    assertThat(traces.leftOut()).isEqualTo(1);
    assertThat(traces.longest()).isEqualTo(3);
    assertThatThrownBy(() -> read(lines, Optional.of(2)))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("has no trace of --max-tokens 2 or fewer");
    assertThatThrownBy(() -> read("\n", Optional.empty()))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("has no trace; give lines of JSON");
  }

  @Test
  void theEndTokenIsTheOneThatIsNamedOrTheOnlyOne() throws Exception {
    assertThat(EndToken.of(policy.path(), tokenizer)).isZero();
    Path several = TinyPolicy.write(folder.resolve("several"), 1).path();
    Files.writeString(several.resolve("generation_config.json"), "{\"eos_token_id\": [0, 5]}");
    try (PolicyTokenizer ends = PolicyTokenizer.load(several)) {
      assertThatThrownBy(() -> EndToken.of(several, ends))
          .isInstanceOf(UsageError.class)
          .hasMessageContaining("several tokens end a response, [0, 5]");
      Files.writeString(
          several.resolve("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"w5\"}}");
      assertThat(EndToken.of(several, ends)).isEqualTo(5);
    }
  }

  private static TraceFile read(String lines, Optional<Integer> maxTokens) throws Exception {
    Path file = Files.writeString(folder.resolve("traces.jsonl"), lines);
    return TraceFile.read(file, new TraceEncoder(tokenizer, 0, 16), policy.config(), maxTokens);
  }
}
