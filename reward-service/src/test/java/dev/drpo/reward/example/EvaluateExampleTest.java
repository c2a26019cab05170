package dev.drpo.reward.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The README's example is run as it stands there. */
@QuarkusTest
class EvaluateExampleTest {
  private static final String FENCE = "```java\n";
  private static final Path ROOT = Path.of(System.getProperty("drpo.root"));

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Test
  void theExamplePrintsTheVerdict() {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      EvaluateExample.main(new String[] {"localhost:" + port});
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("OUTCOME_EQUAL by equal-numbers");
  }

  @Test
  void theReadmeShowsTheExampleToTheLetter() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    assertThat(readme).contains(FENCE);
    int start = readme.indexOf(FENCE) + FENCE.length();
    String source =
        Files.readString(
            ROOT.resolve(
                "reward-service/src/test/java/dev/drpo/reward/example/EvaluateExample.java"));
    assertThat(readme.substring(start, readme.indexOf("```", start)))
        .isEqualTo(source.substring(source.indexOf("import ")));
  }
}
