package dev.drpo.cli.run;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.process.FreePorts;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.ReadyLine;
import dev.drpo.cli.process.Supervisor;
import dev.drpo.cli.progress.Comparison;
import dev.drpo.cli.progress.Progress;
import dev.drpo.dashboard.Dashboard;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.runtime.config.TlsConfig;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** One training run on this machine: starts the services, follows the learner, stops them. */
public final class LocalRun {
  /** With a service that does not get on. */
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);

  /** Of the slowest disk that a policy is read from. */
  private static final long BYTES_PER_SECOND = 50_000_000;

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

  private final RunPlan plan;
  private final Services services;
  private final Progress progress;
  private final PrintStream errors;
  private final InstantSource clock;
  private final String resume;
  private final Consumer<URI> watcher;

  /**
   * @param errors is told why the run ended early
   * @param resume the command that goes on with it then
   * @param watcher is given the address of the run's page, once it is served
   */
  public LocalRun(
      RunPlan plan,
      Services services,
      Progress progress,
      PrintStream errors,
      InstantSource clock,
      String resume,
      Consumer<URI> watcher) {
    this.plan = plan;
    this.services = services;
    this.progress = progress;
    this.errors = errors;
    this.clock = clock;
    this.resume = resume;
    this.watcher = watcher;
  }

  /**
   * Runs to the end, a failure or an interrupt; no process is left in any case.
   *
   * @return the command's exit code
   */
  public int run() throws Exception {
    progress.notice("run folder: " + plan.folder());
    return Interruption.during(
        () -> {
          try {
            return conclude(train());
          } catch (ProcessFailure | StalledRun e) {
            return ended("the run failed: " + e.getMessage(), ExitCode.FAILED);
          } catch (InterruptedException e) {
            return ended("interrupted; every process is stopped", ExitCode.INTERRUPTED);
          }
        });
  }

  private GetStatusResponse train() throws ProcessFailure, StalledRun, InterruptedException {
    try (Supervisor supervisor = new Supervisor(new FreePorts(), STOP_PATIENCE, progress::notice)) {
      Started started = startServices(supervisor);
      TlsConfig tls = plan.config().tls();
      try (LearnerStatus learner = new LearnerStatus(grpcPort(started.learner()), tls);
          ReplicaTokens replicas = new ReplicaTokens(started.rolloutPorts(), tls)) {
        return follow(learner, replicas, supervisor);
      }
    }
  }

  /** The services that are asked how the run goes. */
  private record Started(Supervisor.Service learner, List<Supervisor.Service> rollouts) {
    Map<String, IntSupplier> rolloutPorts() {
      return rollouts.stream()
          .collect(Collectors.toMap(Supervisor.Service::name, one -> () -> grpcPort(one)));
    }
  }

  private static int grpcPort(Supervisor.Service service) {
    return service.process().ports().grpc();
  }

  private Started startServices(Supervisor supervisor) throws ProcessFailure, InterruptedException {
    String broker = plan.broker().isPresent() ? plan.broker().get() : startBroker(supervisor);

    progress.notice("starting the reward service and the learner");
    List<Supervisor.Service> workers = new ArrayList<>();
    workers.add(supervisor.start(services.reward(broker)));
    Supervisor.Service learner = supervisor.start(services.learner(broker));
    // Replicas are told the learner's address, which is certain only once it has bound its ports.
    supervisor.awaitReady(START_PATIENCE, List.of(learner));
    String address = "127.0.0.1:" + grpcPort(learner);
    URI page =
        URI.create("http://127.0.0.1:" + learner.process().ports().http() + Dashboard.PREFIX);
    progress.notice("dashboard: " + page);
    watcher.accept(page);

    progress.notice("starting the rollout service");
    List<Supervisor.Service> rollouts = new ArrayList<>();
    for (int replica = 1; replica <= plan.rollouts(); replica++) {
      rollouts.add(supervisor.start(services.rollout(replica, broker, address)));
    }
    workers.addAll(rollouts);
    supervisor.awaitReady(
        patience(PolicyWeights.fileBytes(plan.config().policy().path())), workers);
    return new Started(learner, rollouts);
  }

  /**
   * How long a service may stand still that reads a policy first, for which it waits for the disk.
   * One that dies meanwhile is noticed at once.
   *
   * @param bytes of the policy
   */
  static Duration patience(long bytes) {
    return START_PATIENCE.plusSeconds(bytes / BYTES_PER_SECOND);
  }

  /** Starts a broker of the run's own; gives its address. */
  private String startBroker(Supervisor supervisor) throws ProcessFailure, InterruptedException {
    progress.notice("starting the broker");
    Supervisor.Service kafka = supervisor.start(services.broker());
    supervisor.awaitReady(START_PATIENCE, List.of(kafka));
    return new ReadyLine().address(kafka.process()).orElseThrow();
  }

  private GetStatusResponse follow(
      LearnerStatus learner, ReplicaTokens replicas, Supervisor supervisor)
      throws ProcessFailure, StalledRun, InterruptedException {
    StallWatch stall = new StallWatch(clock);
    while (true) {
      Optional<GetStatusResponse> status = learner.poll();
      status.ifPresent(progress::show);
      if (status.isPresent() && isFinal(status.get().getState())) {
        return status.get();
      }
      stall
          .observe(status, replicas.poll())
          .ifPresent(line -> progress.notice(line + "; logs: " + plan.folder().logs()));
      supervisor.watch(POLL_INTERVAL);
    }
  }

  private static boolean isFinal(RunState state) {
    return state == RunState.RUN_STATE_COMPLETED || state == RunState.RUN_STATE_FAILED;
  }

  private int conclude(GetStatusResponse end) {
    if (end.getState() == RunState.RUN_STATE_FAILED) {
      return ended("the run failed: " + end.getFailure(), ExitCode.FAILED);
    }
    progress.close();
    progress.notice("");
    if (end.hasBefore() && end.hasAfter()) {
      Comparison.lines(end.getBefore(), end.getAfter()).forEach(progress::notice);
      progress.notice("");
    }
    Map<String, Path> results =
        Map.of(
            "report", plan.folder().path().resolve("report.html"),
            "metrics", plan.folder().path().resolve("metrics.jsonl"),
            "policy", plan.folder().path().resolve("policy"),
            "best", plan.folder().path().resolve("best"));
    for (String name : List.of("report", "metrics", "policy", "best")) {
      if (Files.exists(results.get(name))) {
        progress.notice("%-8s %s".formatted(name, results.get(name)));
      }
    }
    progress.notice("%-8s %s".formatted("logs", plan.folder().logs()));
    return ExitCode.OK;
  }

  /** Tells why the run ended early, where its logs are, and how to go on. */
  private int ended(String reason, int exitCode) {
    progress.close();
    errors.println("drpo: " + reason);
    errors.println("  logs:   " + plan.folder().logs());
    errors.println("  resume: " + resume);
    errors.flush();
    return exitCode;
  }
}
