package dev.drpo.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {
  /** A program that ends only if somebody ends it. */
  public static final class Endless {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("running " + String.join(" ", arguments));
      Thread.currentThread().join();
    }
  }

  @Test
  void theProcessEndsWhenItsParentIsKilled() throws Exception {
    Process parent = new ProcessBuilder("/bin/sh", "-c", "read line").start();
    Process child = underTheWatch(String.valueOf(parent.pid()));
    assertThat(child.inputReader().readLine()).isEqualTo("running with arguments");
    assertThat(child.isAlive()).isTrue();

    parent.destroyForcibly().waitFor();

    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isEqualTo(ParentWatch.EXIT_CODE);
  }

  @Test
  void theProcessEndsWhenItsParentIsGoneAlready() throws Exception {
    Process parent = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
    parent.waitFor();

    Process child = underTheWatch(String.valueOf(parent.pid()));

    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isEqualTo(ParentWatch.EXIT_CODE);
  }

  @Test
  void aVariableThatIsNoProcessIdIsRefused() throws Exception {
    Process child = underTheWatch("me");

    assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("DRPO_PARENT_PID is 'me'; it must be the process id of the supervisor");
    assertThat(child.waitFor()).isEqualTo(1);
  }

  private static Process underTheWatch(String parent) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx32m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ParentWatch.class.getName(),
                    Endless.class.getName(),
                    "with",
                    "arguments"))
            .redirectErrorStream(true);
    builder.environment().put(ParentWatch.PARENT_VARIABLE, parent);
    return builder.start();
  }
}
