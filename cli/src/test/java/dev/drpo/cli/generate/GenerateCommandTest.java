package dev.drpo.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class GenerateCommandTest {
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    TinyPolicy.write(folder.resolve("policy"), 5, TinyPolicy.Preset.NARROW);
    Files.createFile(folder.resolve("empty.jsonl"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--model POLICY | there is nothing to continue; give --prompt TEXT or --prompts FILE",
        "--model POLICY --prompt w1 --prompts EMPTY | --prompt and --prompts are both given",
        "--model POLICY --prompt w1 --system w2 | --system is part of a conversation; add --chat",
        "--model POLICY --prompt w1 --slots 2 | --slots is for --prompts; leave it out",
        "--model POLICY --prompt w1 --max-prompt-tokens 9 | --max-prompt-tokens is for --prompts",
        "--model POLICY --prompts EMPTY --max-prompt-tokens 0 | --max-prompt-tokens is 0; it must",
        "--model POLICY --prompts EMPTY --samples 4 --slots 3 | it must be 4 or more",
        "--model POLICY --prompts EMPTY --slots 0 | it must be 1 or more",
        "--model POLICY --prompt w1 --temperature NaN | --temperature is NaN; it must be 0 (greedy)",
        "--model POLICY --prompt w1 --temperature -1 | --temperature is -1.0; it must be 0 (greedy)",
        "--model POLICY --prompt w1 --temperature Infinity | --temperature is Infinity; it must be",
        "--model POLICY --prompt w1 --top-p 0 | --top-p is 0.0; it must be above 0 and at most 1",
        "--model POLICY --prompt w1 --top-p NaN | --top-p is NaN; it must be above 0 and at most 1",
        "--model POLICY --prompt w1 --top-k -1 | --top-k is -1; it must be 0 (all tokens) or more",
        "--model POLICY --prompt w1 --min-p 1 | --min-p is 1.0; it must be 0 or more and below 1",
        "--model POLICY --prompt w1 --stop-token 16 | --stop-token is 16, but the policy knows ids",
        "--model POLICY --prompt w1 --dtype float16 | --dtype is float16; it must be float32 or",
        "--model POLICY --prompt w1 --device tpu | --device is tpu; it must be cpu, cuda or cuda:N",
        "--model POLICY --prompt w1 --max-tokens 0 | --max-tokens is 0; it must be 1 or more",
        "--model POLICY --prompt w1 --samples 0 | --samples is 0; it must be 1 or more",
        "--model POLICY --prompt w1 --threads 0 | --threads is 0; it must be 1 or more",
        "--model POLICY --prompts NOWHERE | does not exist; give a file of JSON lines",
        "--model NOWHERE --prompt w1 | which does not exist; give a Hugging Face folder",
        "--model EMPTY --prompt w1 | which is no folder; give a Hugging Face folder",
        "--model POLICY --prompt sesame | --prompt: the tokenizer refuses the prompt: ",
        "--model POLICY --prompt LONG | --prompt: the prompt has 64 tokens, which leaves no room",
        "--model POLICY --prompts EMPTY --slots 200000000 | lower rollout.slots",
        "--model POLICY --promt w1 | Did you mean",
      })
  void wrongUseIsOneMessageAndExitCodeTwo(String arguments, String message) {
    assertThat(execute(arguments)).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).startsWith("drpo: ").contains(message).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({"config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"})
  void aPolicyThatLacksAFileIsOneMessageAndExitCodeTwo(String file) throws IOException {
    Files.delete(folder.resolve("policy").resolve(file));

    assertThat(execute("--model POLICY --prompt w1")).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).contains("drpo: ", file, "does not exist").doesNotContain("\tat ");
  }

  @Test
  void anEmptyFileIsAnsweredWithoutComplaint() {
    assertThat(execute("--model POLICY --prompts EMPTY")).isEqualTo(ExitCode.OK);

    assertThat(err.toString().lines().toList())
        .satisfiesExactly(
            plan ->
                assertThat(plan)
                    .isEqualTo(
                        "drpo: temperature 1.0, at most 24 tokens, seed 0; from generation_config.json:"
                            + " max_new_tokens"),
            memory ->
                assertThat(memory)
                    .startsWith("drpo: memory for 64 slots of 63 prompt and 24 response tokens: "),
            summary -> assertThat(summary).startsWith("generated 0 responses to 0 prompts: 0 tok"));
  }

  private int execute(String arguments) {
    CommandLine command = Drpo.commandLine();
    command.setErr(new PrintWriter(err, true));
    String[] words =
        Arrays.stream(("generate " + arguments).split(" "))
            .map(
                word ->
                    switch (word) {
                      case "POLICY" -> folder.resolve("policy").toString();
                      case "EMPTY" -> folder.resolve("empty.jsonl").toString();
                      case "NOWHERE" -> folder.resolve("nowhere").toString();
                      case "LONG" -> "w1 ".repeat(64);
                      default -> word;
                    })
            .toArray(String[]::new);
    return command.execute(words);
  }
}
