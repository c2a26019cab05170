package dev.drpo.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.judge.Judge;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EvalCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SMALL =
      "eval --model POLICY --data DATA/easy.jsonl --samples 3 --max-tokens 9 --temperature 1";
  private static final String ANSWER =
      """
      {"choices": [{"message": {"content": "</think> \\\\boxed{1}"}, "finish_reason": "stop"}],
       "usage": {"completion_tokens": 7}}
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    TinyPolicy.write(folder.resolve("policy"), 5, TinyPolicy.Preset.NARROW);
    Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(folder.resolve("empty"));
    Problems.file(folder.resolve("data/easy.jsonl"), 20);
    Problems.file(folder.resolve("data/hard.jsonl"), 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eval --data DATA | there is nothing to evaluate; give --model DIR or --against URL",
        "eval --model POLICY --against http://localhost --data DATA | are both given; give one of",
        "eval --model NOWHERE --data DATA | which does not exist; give a Hugging Face folder",
        "eval --model POLICY | Missing required option: '--data",
        "eval --model POLICY --data DATA/none.jsonl | none.jsonl does not exist; give a JSON-lines",
        "eval --model POLICY --data EMPTY | a folder without any .jsonl file; give files",
        "eval --model POLICY --data DATA DATA/easy.jsonl | two sets called easy",
        "eval --model POLICY --data DATA --set aime | unknown; the sets of --data are easy, hard",
        "eval --model POLICY --data DATA --preset eval-9k | unknown; the presets are eval-8k, eval-32k",
        "eval --model POLICY --data DATA --limit 0 | --limit is 0; it must be 1 or more",
        "eval --model POLICY --data DATA --samples 0 | --samples is 0; it must be 1 or more",
        "eval --model POLICY --data DATA --k 4,32 | --k is 32; it must be from 1 to the number of",
        "eval --model POLICY --data DATA --temperature NaN | --temperature is NaN; it must be 0",
        "eval --model POLICY --data DATA --top-p 0 | --top-p is 0.0; it must be above 0",
        "eval --model POLICY --data DATA --max-tokens 0 | --max-tokens is 0; it must be 1 or more",
        "eval --model POLICY --data DATA --threads 0 | --threads is 0; it must be 1 or more",
        "eval --model POLICY --data DATA --slots 4 | so that it must be 16 or more",
        "eval --model POLICY --data DATA --device cpu,cpu | name each device once",
        "eval --model POLICY --data DATA --device cpu,tpu | --device is tpu; it must be cpu, cuda",
        "eval --model POLICY --data DATA --concurrency 2 | --concurrency is for --against; leave it",
        "eval --model POLICY --data DATA --convention x=y | unknown convention 'x'",
        "eval --model POLICY --data DATA --out DATA | which is not empty, and no evaluation's",
        "eval --model POLICY --data DATA --baseline EMPTY | whose manifest.json can't be read",
        "eval --against http://localhost --data DATA --slots 2 | --slots is for --model; leave it out",
        "eval --against ftp://x --data DATA | it must be the address of a server, such as",
        "eval --against http://localhost --data DATA --concurrency 0 | --concurrency is 0; it must",
        "eval --against http://localhost --data DATA --per-request 0 | --per-request is 0; it must",
        "eval --against http://localhost --data DATA --api-key-env NO_SUCH_KEY | is not set in the",
      })
  void wrongUseIsOneMessageAndExitCodeTwo(String arguments, String message) {
    assertThat(execute(arguments)).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).startsWith("drpo: ").contains(message).doesNotContain("\tat ");
  }

  @Test
  void aPromptThatLeavesNoRoomForAResponseIsNamed() throws IOException {
    Path file = folder.resolve("data/long.jsonl");
    Files.writeString(
        file,
        "{\"id\": \"a\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}], \"gold\": \"1\"}"
            .formatted("w1 ".repeat(70)));

    assertThat(execute("eval --model POLICY --data DATA/long.jsonl")).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString())
        .contains("long.jsonl: problem 'a': its prompt has 72 tokens; it must have at least one");
  }

  @Test
  void aPolicyIsEvaluatedToTheSameBytesInOneGoAndAfterAKill() throws IOException {
    assertThat(execute(SMALL + " --out OUT/calm")).as("%s", err).isEqualTo(ExitCode.OK);

    Map<String, String> calm = files("out/calm");
    assertThat(calm)
        .containsOnlyKeys("manifest.json", "results.csv", "results.json", "samples.jsonl");
    assertThat(calm.get("samples.jsonl").lines()).hasSize(60);
    JsonNode set = MAPPER.readTree(calm.get("results.json")).at("/sets/0");
    assertThat(set.path("problems").asInt()).isEqualTo(20);
    assertThat(set.path("samples").asInt()).isEqualTo(60);
    assertThat(set.at("/verdicts/NO_ANSWER").asInt()).isEqualTo(60);
    assertThat(set.path("formatFailures").asInt()).isEqualTo(60);
    assertThat(set.path("truncated").asInt() + set.path("endedWithoutAnswer").asInt())
        .isEqualTo(60);
    assertThat(set.at("/lengths/all/p100").asInt()).isEqualTo(9);
    assertThat(out.toString()).contains("pass@3").contains("easy        20       60     0.000");

    Path killed = folder.resolve("out/killed");
    Files.createDirectories(killed);
    Files.writeString(killed.resolve("manifest.json"), calm.get("manifest.json"));
    Files.writeString(
        killed.resolve("samples.jsonl"), calm.get("samples.jsonl").substring(0, 3000));

    // Other slots and threads sample the same.
    assertThat(execute(SMALL + " --out OUT/killed --slots 5 --threads 1")).isEqualTo(ExitCode.OK);
    assertThat(err.toString()).contains(" of 20 problems are answered already");
    assertThat(files("out/killed")).isEqualTo(calm);
  }

  @Test
  void aServerIsEvaluatedByTheSameJudge() throws IOException {
    try (FakeServer server = new FakeServer(ANSWER)) {
      String against = "eval --against " + server.address() + " --data DATA --samples 2 --out OUT";

      assertThat(execute(against)).as("%s", err).isEqualTo(ExitCode.OK);

      JsonNode results = MAPPER.readTree(files("out").get("results.json"));
      assertThat(results.at("/average/accuracy").asDouble()).isEqualTo(1);
      assertThat(results.at("/sets/1/name").asText()).isEqualTo("hard");
      assertThat(results.at("/sets/1/meanLength").asDouble()).isEqualTo(7);
      assertThat(server.asked).hasSize(48);
      assertThat(out.toString().lines()).hasSize(4);
      assertThat(files("out").get("results.csv").lines().skip(2))
          .containsExactly(
              "hard,4,8,1.0,0.0,0.5101091635454027,1.0,1.0,1.0,1.0,1.0,7.0,0.0,7.0,,7.0,"
                  + "7.0,7.0,7.0,7.0,7.0,7.0,7.0,0,0,0,");

      assertThat(execute(against)).isEqualTo(ExitCode.OK);
      assertThat(server.asked).hasSize(48);

      assertThat(execute(against + " --model-name n")).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString())
          .contains("--model-name is n, which is unknown; the server's models are m");
    }
  }

  @Test
  void aServerThatIsNotThereIsAFailureWithTheRemedy() {
    assertThat(execute("eval --against http://localhost:1 --data DATA")).isEqualTo(ExitCode.FAILED);

    assertThat(err.toString())
        .contains("http://localhost:1/v1 does not answer (")
        .contains("correct --against, or start the server");
  }

  @Test
  void anotherConfigurationsFolderIsRefusedWithTheDifference() throws IOException {
    try (FakeServer server = new FakeServer(ANSWER)) {
      String against = "eval --against " + server.address() + " --data DATA --out OUT --samples ";
      assertThat(execute(against + "2")).isEqualTo(ExitCode.OK);

      assertThat(execute(against + "4")).isEqualTo(ExitCode.USAGE);

      assertThat(err.toString())
          .contains("which holds another evaluation: sampler.samples is 2 there and 4 here");
    }
  }

  @Test
  void aBaselineGivesAesAndOneThatIsNotComparableIsRefused() throws IOException {
    try (FakeServer server = new FakeServer(ANSWER)) {
      String against = "eval --against " + server.address() + " --samples 2 --data DATA ";
      assertThat(execute(against + "--seed 1 --out OUT/base")).isEqualTo(ExitCode.OK);
      server.answer(200, ANSWER.replace(": 7", ": 5"));

      assertThat(execute(against + "--out OUT/mine --baseline OUT/base")).isEqualTo(ExitCode.OK);

      // As accurate, and 2 of 7 tokens shorter.
      JsonNode results = MAPPER.readTree(files("out/mine").get("results.json"));
      assertThat(results.at("/sets/0/aes").asDouble()).isEqualTo((7.0 - 5) / 7);
      assertThat(results.at("/average/aes").asDouble()).isEqualTo((7.0 - 5) / 7);
      assertThat(out.toString()).contains("+0.286");

      assertThat(execute(against + "--limit 3 --baseline OUT/base --out OUT/few"))
          .isEqualTo(ExitCode.USAGE);
      assertThat(err.toString())
          .contains("which has other data: sets.easy.problems is 20 there and 3 here");

      Path manifest = folder.resolve("out/base/manifest.json");
      String other =
          Files.readString(manifest)
              .replace("\"version\" : \"%s\"".formatted(Judge.VERSION), "\"version\" : \"0\"");
      Files.writeString(manifest, other);
      assertThat(execute(against + "--baseline OUT/base --out OUT/mine")).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString())
          .contains(
              "which was judged otherwise: verifier.version is 0 there and %s here"
                  .formatted(Judge.VERSION));
    }
  }

  private Map<String, String> files(String of) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var listed = Files.list(folder.resolve(of))) {
      for (Path file : listed.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  private int execute(String arguments) {
    CommandLine command = Drpo.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(
        Arrays.stream(arguments.split(" "))
            .map(
                word ->
                    word.replaceFirst("^POLICY", folder.resolve("policy").toString())
                        .replaceFirst("^DATA", folder.resolve("data").toString())
                        .replaceFirst("^EMPTY", folder.resolve("empty").toString())
                        .replaceFirst("^OUT", folder.resolve("out").toString())
                        .replaceFirst("^NOWHERE", folder.resolve("nowhere").toString()))
            .toArray(String[]::new));
  }
}
