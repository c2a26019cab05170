package dev.drpo.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.process.FreePorts;
import dev.drpo.cli.process.Ports;
import dev.drpo.cli.process.Readiness;
import dev.drpo.cli.process.ServiceSpec;
import dev.drpo.cli.process.Supervisor;
import dev.drpo.cli.run.InstalledServices;
import dev.drpo.cli.run.Machine;
import dev.drpo.cli.run.RunClaim;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.cli.train.TrainOptions;
import dev.drpo.cli.train.TrainPlanning;
import dev.drpo.runtime.process.JavaCommand;
import dev.drpo.testkit.Await;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged services where something that they need is missing or taken. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class InstalledServicesIT {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();
  private RunPlan plan;
  private InstalledServices services;

  @BeforeEach
  void plan() {
    plan =
        new TrainPlanning(DrpoProcess.root(), folder, Map.of(), Clock.systemUTC(), Machine.here())
            .plan(
                TrainOptions.quickstart(
                    Optional.empty(),
                    Optional.of(Path.of("run")),
                    Map.of(),
                    OptionalInt.empty(),
                    false));
    services = InstalledServices.under(DrpoProcess.root(), plan, System.getenv());
  }

  @Test
  void withoutABrokerNoServiceIsReadyAndEachSaysWhatItWaitsFor() throws Exception {
    try (RunClaim _ = RunClaim.of(plan);
        Supervisor supervisor = supervisor(new FreePorts());
        ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String broker = "127.0.0.1:" + closed.getLocalPort();
      closed.close();
      List<ServiceSpec> specs =
          List.of(
              services.reward(broker),
              services.learner(broker),
              services.rollout(1, broker, broker));
      List<Supervisor.Service> started = new ArrayList<>();
      for (ServiceSpec spec : specs) {
        started.add(supervisor.start(spec));
      }

      for (int i = 0; i < specs.size(); i++) {
        ServiceSpec spec = specs.get(i);
        Supervisor.Service service = started.get(i);
        await(supervisor, () -> says(service, "waiting up to .* for the broker at " + broker));
        await(supervisor, () -> refusal(spec, service).contains("answers 503; down: "));
        assertThat(service.process().isAlive()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServiceWhosePortIsTakenGetsOthers(boolean grpc) throws Exception {
    try (RunClaim _ = RunClaim.of(plan);
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Supervisor supervisor = supervisor(onePairWith(taken.getLocalPort(), grpc))) {
      ServiceSpec spec = services.learner("127.0.0.1:9");
      Supervisor.Service service = supervisor.start(spec);
      Ports first = service.process().ports();

      await(supervisor, () -> !notices.isEmpty());

      assertThat(notices)
          .containsExactly(
              "port %d or %d of learner is taken; trying others"
                  .formatted(first.http(), first.grpc()));
      await(supervisor, () -> refusal(spec, service).contains("answers 503"));
    }
  }

  @Test
  void aBrokerWhosePortIsTakenSaysSoAndEnds() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process broker =
          new ProcessBuilder(
                  new JavaCommand(
                          128,
                          List.of(
                              "-cp",
                              DrpoProcess.jar("broker")
                                  + File.pathSeparator
                                  + DrpoProcess.root().resolve("broker/target/lib/*"),
                              "dev.drpo.broker.BrokerMain",
                              "--log-dir",
                              folder.resolve("kafka").toString(),
                              "--port",
                              String.valueOf(taken.getLocalPort())))
                      .words())
              .redirectErrorStream(true)
              .start();

      String output = new String(broker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(broker.waitFor()).isEqualTo(1);
      assertThat(output)
          .contains("port " + taken.getLocalPort())
          .contains("is taken")
          .contains("choose another port");
    }
  }

  private Supervisor supervisor(IntSupplier ports) {
    return new Supervisor(ports, STOP_PATIENCE, notices::add);
  }

  /** Free ports, but for one of the first two. */
  private static IntSupplier onePairWith(int taken, boolean second) {
    FreePorts free = new FreePorts();
    int other = free.getAsInt();
    IntStream pair = second ? IntStream.of(other, taken) : IntStream.of(taken, other);
    Iterator<Integer> ports = IntStream.concat(pair, IntStream.generate(free)).iterator();
    return ports::next;
  }

  private static String refusal(ServiceSpec spec, Supervisor.Service service) {
    return switch (spec.readiness().probe(service.process())) {
      case Readiness.State.Ready() -> throw new AssertionError(service.name() + " is ready");
      case Readiness.State.Waiting(String reason, boolean _) -> reason;
    };
  }

  private static boolean says(Supervisor.Service service, String pattern) {
    return Pattern.compile(pattern).matcher(service.process().output().text()).find();
  }

  /** Waits for a condition, and fails if a service ends meanwhile. */
  private static void await(Supervisor supervisor, BooleanSupplier condition) {
    Await.until(
        "what the service does",
        () -> {
          supervisor.watch(Duration.ZERO);
          return condition.getAsBoolean();
        });
  }
}
