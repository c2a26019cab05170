package dev.drpo.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.quickstart.DrpoProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The packaged generate and logprobs between real pipes, with the quickstart's policy. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class PolicyProcessIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUICKSTART =
      Path.of(System.getProperty("drpo.root"), "datasets", "quickstart").toString();
  private static final String POLICY = QUICKSTART + "/policy";

  @TempDir Path folder;

  private Process drpo;

  @AfterEach
  void end() {
    if (drpo != null) {
      drpo.destroyForcibly();
    }
  }

  @Test
  void aPromptIsAnsweredAsText() throws Exception {
    start("generate", "--model", POLICY, "--prompt", "11 a * 7 b - 7 ?", "--temperature", "0");

    assertThat(output()).endsWith(" </think> \\boxed{ 10 }\n");
    assertThat(errors().lines().toList())
        .satisfiesExactly(
            plan -> assertThat(plan).startsWith("drpo: greedy, at most 256 tokens"),
            memory ->
                assertThat(memory)
                    .startsWith("drpo: memory for 1 slot of 8 prompt and 256 response tokens: "),
            summary -> assertThat(summary).startsWith("generated 1 response to 1 prompt: "));
    assertThat(drpo.waitFor()).isEqualTo(ExitCode.OK);
  }

  @Test
  void logprobsOfGeneratedTokensAreThoseThatGenerateTold() throws Exception {
    Path problems = folder.resolve("problems.jsonl");
    Files.write(problems, Files.readAllLines(Path.of(QUICKSTART, "heldout.jsonl")).subList(0, 12));
    start("generate", "--model", POLICY, "--prompts", problems.toString(), "--samples", "2");
    List<String> generated = output().lines().toList();
    assertThat(generated).hasSize(24);
    assertThat(drpo.waitFor()).isEqualTo(ExitCode.OK);

    start("logprobs", "--model", POLICY);
    try (OutputStream requests = drpo.getOutputStream()) {
      for (String line : generated) {
        requests.write(request(JSON.readTree(line)).getBytes(StandardCharsets.UTF_8));
      }
    }
    List<String> scored = output().lines().toList();

    assertThat(scored).hasSize(24);
    for (int i = 0; i < 24; i++) {
      JsonNode told = JSON.readTree(generated.get(i));
      JsonNode found = JSON.readTree(scored.get(i));
      assertThat(found.get("id")).isEqualTo(told.get("id"));
      int skipped = told.get("promptTokens").size() - 1;
      for (int t = 0; t < told.get("tokens").size(); t++) {
        assertThat(found.get("logprobs").get(skipped + t).asDouble())
            .isCloseTo(told.get("logprobs").get(t).asDouble(), within(1e-5));
      }
    }
    assertThat(errors()).startsWith("scored 24 sequences");
    assertThat(drpo.waitFor()).isEqualTo(ExitCode.OK);
  }

  @Test
  void bothTalkLineByLine() throws Exception {
    for (String command : List.of("generate --prompts -", "logprobs -")) {
      start((command + " --model " + POLICY).split(" "));
      BufferedReader results = drpo.inputReader(StandardCharsets.UTF_8);
      try (OutputStream requests = drpo.getOutputStream()) {
        for (int i = 0; i < 3; i++) {
          requests.write("{\"id\":\"½\",\"tokens\":[7]}\n".getBytes(StandardCharsets.UTF_8));
          requests.flush();

          assertThat(results.readLine()).startsWith("{\"id\":\"½\",");
        }
      }
      assertThat(results.readLine()).isNull();
      assertThat(drpo.waitFor()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void bothEndQuietlyWhenTheirReaderHasSeenEnough() throws Exception {
    Path endless = folder.resolve("long.jsonl");
    Files.writeString(endless, "{\"tokens\":[20,4,33,7]}\n".repeat(200_000));
    for (String command : List.of("generate --prompts ", "logprobs ")) {
      start((command + endless + " --model " + POLICY).split(" "));

      try (BufferedReader results = drpo.inputReader(StandardCharsets.UTF_8)) {
        assertThat(results.readLine()).contains("logprobs");
      }

      assertThat(errors().lines()).allMatch(line -> line.matches("drpo: (temp|mem).*"));
      assertThat(drpo.waitFor()).isEqualTo(ExitCode.OUTPUT_CLOSED);
    }
  }

  @Test
  void bothEndInTheMiddleWhenTheyAreAskedTo() throws Exception {
    Path endless = folder.resolve("long.jsonl");
    Files.writeString(endless, "{\"tokens\":[20,4,33,7]}\n".repeat(200_000));
    for (String command : List.of("generate --prompts ", "logprobs ")) {
      start((command + endless + " --model " + POLICY).split(" "));
      BufferedReader results = drpo.inputReader(StandardCharsets.UTF_8);
      assertThat(results.readLine()).contains("logprobs");

      // Unlike the process's own method, this leaves the pipes open.
      drpo.toHandle().destroy();

      assertThat(results.lines()).allMatch(line -> line.endsWith("]}"));
      assertThat(errors().lines()).allMatch(line -> line.matches("drpo: (temp|mem).*"));
      assertThat(drpo.waitFor()).isEqualTo(128 + 15);
    }
  }

  @Test
  void aMalformedLineShowsInTheExitCode() throws Exception {
    Path file = folder.resolve("some.jsonl");
    Files.writeString(file, "{\"tokens\":[7]}\noops\n{\"tokens\":[7]}\n");
    for (String command : List.of("generate --prompts ", "logprobs ")) {
      start((command + file + " --model " + POLICY).split(" "));

      assertThat(output().lines()).hasSize(3).element(1).asString().startsWith("{\"line\":2,");
      assertThat(errors()).contains("; 1 malformed, each with an error in the output");
      assertThat(drpo.waitFor()).isEqualTo(ExitCode.FAILED);
    }
  }

  private static String request(JsonNode generated) {
    var request = JSON.createObjectNode();
    request.set("id", generated.get("id"));
    var tokens = request.putArray("tokens");
    generated.get("promptTokens").forEach(tokens::add);
    generated.get("tokens").forEach(tokens::add);
    return request + "\n";
  }

  private void start(String... arguments) throws IOException {
    drpo = DrpoProcess.prepare(folder, arguments).start();
  }

  private String output() throws IOException {
    return new String(drpo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What stands on standard error but the virtual machine's own line about vectors. */
  private String errors() throws IOException {
    String errors = new String(drpo.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return errors.replaceFirst("WARNING: Using incubator modules: jdk.incubator.vector\\R", "");
  }
}
