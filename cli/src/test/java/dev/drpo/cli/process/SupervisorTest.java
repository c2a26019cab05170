package dev.drpo.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.cli.process.ServiceSpec.OnDeath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Readiness HTTP = new HttpReadiness("/q/health/ready");

  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();

  @Test
  void aServiceIsReadyWhenItsHealthAnswers() throws Exception {
    try (Supervisor supervisor = supervisor(new FreePorts())) {
      Supervisor.Service service =
          supervisor.start(spec("learner", HTTP, OnDeath.FAIL, ports -> serve(ports.http(), 200)));

      supervisor.awaitReady(LONG, List.of(service));

      assertThat(notices).containsExactly("learner is ready");
      assertThat(service.process().isAlive()).isTrue();
    }
  }

  @Test
  void aServiceThatIsNotReadyInTimeSaysWhatIsDown() throws Exception {
    try (Supervisor supervisor = supervisor(new FreePorts())) {
      Supervisor.Service service =
          supervisor.start(
              spec("rollout-1", HTTP, OnDeath.FAIL, ports -> serve(ports.http(), 503)));
      while (!service.process().output().text().contains("READY")) {
        supervisor.watch(Duration.ofMillis(50));
      }

      assertThatThrownBy(() -> supervisor.awaitReady(Duration.ZERO, List.of(service)))
          .isInstanceOf(ProcessFailure.class)
          .hasMessageContaining("rollout-1 is not ready, and has not got on for 0 s")
          .hasMessageContaining("answers 503; down: weights")
          .hasMessageContaining("rollout-1.log");
    }
  }

  @Test
  void anEarlyEndShowsTheLastLinesWithoutTheirStackFrames() throws Exception {
    try (Supervisor supervisor = supervisor(new FreePorts())) {
      Supervisor.Service service = supervisor.start(line("learner", OnDeath.RESTART, "fail"));

      assertThatThrownBy(() -> supervisor.awaitReady(LONG, List.of(service)))
          .isInstanceOf(ProcessFailure.class)
          .hasMessageContaining("learner ended before it was ready (exit code 1)")
          .hasMessageContaining("reading the data")
          .hasMessageContaining("train.jsonl, line 7: no gold")
          .hasMessageContaining("learner.log")
          .hasMessageNotContaining("at dev.drpo");
    }
  }

  @Test
  void closingEndsAChildThatIgnoresTerminationAndItsGrandchild() throws Exception {
    ServiceProcess child;
    try (Supervisor supervisor =
        new Supervisor(new FreePorts(), Duration.ofMillis(100), notices::add)) {
      Supervisor.Service service = supervisor.start(line("worker", OnDeath.FAIL, "cling"));
      supervisor.awaitReady(LONG, List.of(service));
      child = service.process();
    }

    Matcher grandchild = Pattern.compile("GRANDCHILD (\\d+)").matcher(child.output().text());
    assertThat(grandchild.find()).isTrue();
    assertThat(child.isAlive()).isFalse();
    assertThat(ProcessHandle.of(Long.parseLong(grandchild.group(1))).filter(SupervisorTest::runs))
        .isEmpty();
  }

  @Test
  void anInterruptOfTheTerminalDoesNotReachTheServices() throws Exception {
    try (Supervisor supervisor = supervisor(new FreePorts())) {
      Supervisor.Service service = supervisor.start(line("worker", OnDeath.FAIL, "wait"));
      supervisor.awaitReady(LONG, List.of(service));

      for (String signal : List.of("-INT", "-HUP")) {
        new ProcessBuilder("kill", signal, String.valueOf(service.process().pid()))
            .start()
            .waitFor();
      }

      supervisor.watch(Duration.ofMillis(500));
      assertThat(service.process().isAlive()).isTrue();
    }
  }

  @Test
  void aReplaceableServiceIsRestartedUpToTheLimit() throws Exception {
    try (Supervisor supervisor = supervisor(new FreePorts())) {
      Supervisor.Service service = supervisor.start(line("rollout-1", OnDeath.RESTART, "wait"));
      supervisor.awaitReady(LONG, List.of(service));

      for (int restart = 1; restart <= Supervisor.RESTART_LIMIT; restart++) {
        ServiceProcess before = service.process();
        kill(before);
        while (service.process() == before) {
          supervisor.watch(Duration.ofMillis(50));
        }
        assertThat(service.process().isAlive()).isTrue();
        assertThat(notices.getLast())
            .contains("rollout-1 ended unexpectedly (exit code 137)")
            .contains("(" + restart + " of 3)");
      }

      kill(service.process());
      assertThatThrownBy(() -> supervisor.watch(LONG))
          .isInstanceOf(ProcessFailure.class)
          .hasMessageContaining("has been restarted 3 times already");
    }
  }

  @Test
  void theDeathOfAnIrreplaceableServiceIsAFailure() throws Exception {
    try (Supervisor supervisor = supervisor(new FreePorts())) {
      Supervisor.Service service = supervisor.start(line("broker", OnDeath.FAIL, "wait"));
      supervisor.awaitReady(LONG, List.of(service));
      kill(service.process());

      assertThatThrownBy(() -> supervisor.watch(LONG))
          .isInstanceOf(ProcessFailure.class)
          .hasMessageContaining("broker ended unexpectedly (exit code 137)")
          .hasMessageContaining("broker.log");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takenPortsAreReplacedByOthers(boolean grpc) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Supervisor supervisor = supervisor(onePairWith(taken.getLocalPort(), grpc))) {
      Function<Ports, Integer> listens = grpc ? Ports::grpc : Ports::http;
      Supervisor.Service service =
          supervisor.start(
              spec(
                  "reward",
                  new ReadyLine(),
                  OnDeath.RESTART,
                  ports -> serve(listens.apply(ports), 200)));
      Ports first = service.process().ports();
      assertThat(listens.apply(first)).isEqualTo(taken.getLocalPort());

      supervisor.awaitReady(LONG, List.of(service));

      assertThat(listens.apply(service.process().ports())).isNotEqualTo(taken.getLocalPort());
      assertThat(notices.getFirst())
          .isEqualTo(
              "port %d or %d of reward is taken; trying others"
                  .formatted(first.http(), first.grpc()));
    }
  }

  @Test
  void aCommandThatDoesNotExistNamesTheService() throws IOException {
    ServiceSpec broken =
        spec("reward", HTTP, OnDeath.FAIL, _ -> new Launch(List.of("/no/such/java"), env()));
    try (Supervisor supervisor = supervisor(new FreePorts())) {
      assertThatThrownBy(() -> supervisor.awaitReady(LONG, List.of(supervisor.start(broken))))
          .isInstanceOf(ProcessFailure.class)
          .hasMessageContaining("reward")
          .hasMessageContaining("/no/such/java");
    }
  }

  @Test
  void chosenPortsDiffer() {
    FreePorts ports = new FreePorts();
    assertThat(List.of(ports.getAsInt(), ports.getAsInt(), ports.getAsInt()))
        .doesNotHaveDuplicates();
  }

  private Supervisor supervisor(IntSupplier ports) {
    return new Supervisor(ports, Duration.ofSeconds(30), notices::add);
  }

  private ServiceSpec line(String name, OnDeath onDeath, String behaviour) {
    return spec(
        name, new ReadyLine(), onDeath, _ -> new Launch(TestChild.command(behaviour), env()));
  }

  private ServiceSpec spec(
      String name, Readiness readiness, OnDeath onDeath, Function<Ports, Launch> launch) {
    return new ServiceSpec(name, folder.resolve(name + ".log"), launch, readiness, onDeath);
  }

  private static Launch serve(int port, int status) {
    return new Launch(
        TestChild.command("serve", String.valueOf(port), String.valueOf(status)), env());
  }

  private static Map<String, String> env() {
    return System.getenv();
  }

  /** Free ports, but for one of the first two. */
  private static IntSupplier onePairWith(int taken, boolean second) {
    FreePorts free = new FreePorts();
    int other = free.getAsInt();
    Iterator<Integer> pair = (second ? List.of(other, taken) : List.of(taken, other)).iterator();
    return () -> pair.hasNext() ? pair.next() : free.getAsInt();
  }

  private static void kill(ServiceProcess process) {
    ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
  }

  /** A killed orphan may stay in the process table until somebody collects it. */
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }
}
