package dev.drpo.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.policy.engine.CudaRuntime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On whatever machine this runs. */
@Timeout(300)
class DoctorCommandTest {
  private static final String ROOT = "drpo.root";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final String earlierRoot = System.getProperty(ROOT, "");

  @BeforeEach
  void nameTheRepository() {
    System.setProperty(ROOT, "..");
  }

  @AfterEach
  void forgetTheRepository() {
    System.setProperty(ROOT, earlierRoot);
  }

  @Test
  void aCpuIsExaminedAndAllOfItIsWritten() throws Exception {
    Path file = folder.resolve("doctor.json");

    int code = execute("--device", "cpu", "--json", file.toString());

    assertThat(out.toString())
        .contains("JDK", "memory", "disk of runs", "tensor library", "tokenizers", "it loads as")
        .contains("the same numbers as in fp32 on the CPU", "cpu passed every check");
    assertThat(code).isEqualTo(ExitCode.OK);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.get("passed").asBoolean()).isTrue();
    assertThat(json.at("/findings/0/subject").asText()).isEqualTo("JDK");
    assertThat(json.at("/examination/shape").asText()).isEqualTo("tiny");
    assertThat(json.at("/examination/parts")).hasSize(3);
    JsonNode check = json.at("/examination/parts/0/checks/0");
    assertThat(check.get("value").asDouble()).isPositive().isLessThan(check.get("most").asDouble());
    assertThat(check.get("passed").asBoolean()).isTrue();
    assertThat(check.get("meaning").asText()).isNotEmpty();
  }

  @Test
  void withoutAGpuTheOptionSaysWhatIsMissing() {
    Assumptions.assumeTrue(
        CudaRuntime.gpus() == 0, "this machine has a GPU, so that the option would examine it");

    assertThat(execute("--gpu")).isEqualTo(ExitCode.FAILED);

    assertThat(out.toString())
        .containsPattern("FAILED +CUDA runtime +\\S")
        .contains("-> ", "cuda was not examined: see ");
    assertThat(err.toString()).doesNotContain("examining");
  }

  private int execute(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "doctor";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return Drpo.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
