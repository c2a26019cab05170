package dev.drpo.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.cli.process.ServiceSpec.OnDeath;
import dev.drpo.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RespawnerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();

  @Test
  void aKilledServiceIsStartedAnewOnItsPortsHoweverOften() throws Exception {
    SteadyPorts ports = new SteadyPorts();
    try (Respawner respawner = new Respawner(notices::add)) {
      Respawner.Member member =
          respawner.start(spec("wait"), new Ports(ports.getAsInt(), ports.getAsInt()));
      Ports first = member.ports();
      for (int start = 1; start <= 3; start++) {
        awaitReady(member);
        assertThat(member.starts()).isEqualTo(start);
        member.kill();
        assertThat(member.isAlive()).isFalse();
        respawner.tend();
      }
      awaitReady(member);
      assertThat(member.ports()).isEqualTo(first);
      assertThat(member.failures()).isZero();
      assertThat(notices).isEmpty();
    }
  }

  @Test
  void aPausedServiceDoesNothingUntilItIsResumedAndCanBeClosed() throws Exception {
    try (Respawner respawner = new Respawner(notices::add)) {
      Respawner.Member member = respawner.start(spec("wait"), new Ports(1, 2));
      awaitReady(member);
      member.pause();
      Await.until("a stopped process", () -> state(member).equals("T"));
      member.resume();
      Await.until("a running process", () -> !state(member).equals("T"));
      member.pause();
    }
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aServiceThatEndsByItselfAgainAndAgainIsGivenUp() throws Exception {
    try (Respawner respawner = new Respawner(notices::add)) {
      Respawner.Member member = respawner.start(spec("fail"), new Ports(1, 2));
      assertThatThrownBy(
              () ->
                  Await.until(
                      "giving up",
                      PATIENCE,
                      () -> {
                        respawner.tend();
                        return false;
                      }))
          .hasStackTraceContaining("learner ended by itself 11 times in a row (exit code 1")
          .hasStackTraceContaining("train.jsonl, line 7: no gold");
      assertThat(member.failures()).isEqualTo(Respawner.MOST_FAILURES + 1);
    }
  }

  @Test
  void steadyPortsLieBelowThoseOfConnections() {
    SteadyPorts ports = new SteadyPorts();
    assertThat(List.of(ports.getAsInt(), ports.getAsInt(), ports.getAsInt()))
        .doesNotHaveDuplicates()
        .allMatch(port -> port >= 20_000 && port < 32_000);
  }

  /** The state's letter as the kernel gives it. */
  private static String state(Respawner.Member member) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + member.pid() + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", 2)[0];
  }

  private static void awaitReady(Respawner.Member member) {
    Await.until("a ready process", () -> member.probe() instanceof Readiness.State.Ready);
  }

  private ServiceSpec spec(String behaviour) {
    return new ServiceSpec(
        "learner",
        folder.resolve("learner.log"),
        _ -> new Launch(TestChild.command(behaviour), System.getenv()),
        new ReadyLine(),
        OnDeath.FAIL);
  }
}
