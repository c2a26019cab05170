package dev.drpo.cli.logprobs;

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

class LogprobsCommandTest {
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
        "FOLDER/empty.jsonl | Missing required option",
        "--model FOLDER/nowhere FOLDER/empty.jsonl | nowhere, which does not exist; give a Hugging",
        "--model FOLDER/empty.jsonl FOLDER/empty.jsonl | empty.jsonl, which is no folder; give",
        "--model FOLDER FOLDER/empty.jsonl | config.json does not exist; a policy folder holds",
        "--model FOLDER/policy FOLDER/nowhere | nowhere does not exist; give a file of JSON lines",
        "--model FOLDER/policy FOLDER | is a folder; give a file of JSON lines",
        "--model FOLDER/policy --temperature 0 | --temperature is 0.0; it must be above 0",
        "--model FOLDER/policy --temperature NaN | --temperature is NaN; it must be above 0",
        "--model FOLDER/policy --temperature Infinity | --temperature is Infinity",
        "--model FOLDER/policy --tokens-per-batch 0 | --tokens-per-batch is 0; it must be 1",
        "--model FOLDER/policy --threads 0 FOLDER/empty.jsonl | --threads is 0; it must be 1",
        "--model FOLDER/policy --device tpu FOLDER/empty.jsonl | --device is tpu; it must be cpu",
        "--model FOLDER/policy --dtype float16 FOLDER/empty.jsonl | --dtype is float16; it must be float32 or bfloat16",
      })
  void wrongUseIsOneMessageAndExitCodeTwo(String arguments, String message) {
    assertThat(execute(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).startsWith("drpo: ").contains(message).doesNotContain("\tat ");
  }

  @Test
  void anEmptyFileIsScoredWithoutComplaint() {
    assertThat(execute("--model", "FOLDER/policy", "FOLDER/empty.jsonl")).isEqualTo(ExitCode.OK);

    assertThat(err.toString()).startsWith("scored 0 sequences, 0 tokens");
  }

  @Test
  void aPolicyWithoutTokenizerIsEnough() throws IOException {
    Files.delete(folder.resolve("policy/tokenizer.json"));

    assertThat(execute("--model", "FOLDER/policy", "--dtype", "bfloat16", "FOLDER/empty.jsonl"))
        .isEqualTo(ExitCode.OK);
  }

  private int execute(String... arguments) {
    CommandLine command = Drpo.commandLine();
    command.setErr(new PrintWriter(err, true));
    String[] words =
        Arrays.stream(arguments)
            .map(word -> word.replace("FOLDER", folder.toString()))
            .toArray(String[]::new);
    String[] all = new String[words.length + 1];
    all[0] = "logprobs";
    System.arraycopy(words, 0, all, 1, words.length);
    return command.execute(all);
  }
}
