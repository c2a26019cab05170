package dev.drpo.cli.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * Starts services as child processes, replaces those that may be replaced, and leaves none behind
 * when it is closed. One thread uses it.
 */
public final class Supervisor implements AutoCloseable {
  /** Replacements of one service before its deaths fail the run. */
  public static final int RESTART_LIMIT = 3;

  private static final int PORT_ATTEMPTS = 5;
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(200);

  private final IntSupplier ports;
  private final Duration stopPatience;
  private final Consumer<String> notices;
  private final List<Service> started = new ArrayList<>();
  private final BlockingQueue<ServiceProcess> exits = new LinkedBlockingQueue<>();

  /**
   * @param ports gives the ports for every start, one by one
   * @param stopPatience time for all services together to end by themselves when closed
   * @param notices is told what a person should know
   */
  public Supervisor(IntSupplier ports, Duration stopPatience, Consumer<String> notices) {
    this.ports = ports;
    this.stopPatience = stopPatience;
    this.notices = notices;
  }

  /** A started service. Its process changes when it is replaced. */
  public static final class Service {
    private final ServiceSpec spec;
    private ServiceProcess process;
    private boolean ready;
    private int portAttempts = 1;
    private int restarts;

    private Service(ServiceSpec spec, ServiceProcess process) {
      this.spec = spec;
      this.process = process;
    }

    public String name() {
      return spec.name();
    }

    /** The process that runs it at present. */
    public ServiceProcess process() {
      return process;
    }
  }

  /** Starts a service; {@link #awaitReady} tells when it serves. */
  public Service start(ServiceSpec spec) throws ProcessFailure {
    Service service = new Service(spec, launch(spec));
    started.add(service);
    return service;
  }

  /**
   * Waits until every one of the services serves, for as long as they get on.
   *
   * @param patience with one that does not get on
   * @throws ProcessFailure if one ends, or stands still for longer
   */
  public void awaitReady(Duration patience, List<Service> services)
      throws ProcessFailure, InterruptedException {
    List<Service> waiting = new ArrayList<>(services);
    Map<Service, StartWatch> watches = new HashMap<>();
    waiting.forEach(service -> watches.put(service, new StartWatch(patience, System::nanoTime)));
    while (!waiting.isEmpty()) {
      watch(PROBE_INTERVAL);
      for (Service service : List.copyOf(waiting)) {
        switch (service.spec.readiness().probe(service.process)) {
          case Readiness.State.Ready() -> {
            service.ready = true;
            waiting.remove(service);
            announce(service, waiting);
          }
          case Readiness.State.Waiting found -> {
            if (watches.get(service).standsStill(found, service.process.processorTime())) {
              throw new ProcessFailure(
                  "%s is not ready, and has not got on for %d s: %s. Its last log lines:"
                      .formatted(service.name(), patience.toSeconds(), found.reason()),
                  service.process);
            }
          }
        }
      }
    }
  }

  /**
   * Waits for a time and meanwhile deals with services that end.
   *
   * @throws ProcessFailure if one ended that can't be replaced
   */
  public void watch(Duration time) throws ProcessFailure, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (true) {
      ServiceProcess ended = exits.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (ended == null) {
        return;
      }
      for (Service service : started) {
        if (service.process == ended) {
          replace(service);
        }
      }
    }
  }

  /** Stops every service, the last started first. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + stopPatience.toNanos();
    for (Service service : started.reversed()) {
      service.process.stop(Duration.ofNanos(deadline - System.nanoTime()));
    }
    started.clear();
  }

  private ServiceProcess launch(ServiceSpec spec) throws ProcessFailure {
    ServiceProcess process =
        ServiceProcess.start(spec, new Ports(ports.getAsInt(), ports.getAsInt()));
    var _ = process.onExit().thenRun(() -> exits.add(process));
    return process;
  }

  private void replace(Service service) throws ProcessFailure {
    ServiceProcess ended = service.process;
    if (ended.foundPortTaken() && service.portAttempts < PORT_ATTEMPTS) {
      service.portAttempts++;
      notices.accept(
          "port %d or %d of %s is taken; trying others"
              .formatted(ended.ports().http(), ended.ports().grpc(), service.name()));
    } else if (!service.ready) {
      throw new ProcessFailure(
          "%s ended before it was ready (exit code %d). Its last log lines:"
              .formatted(service.name(), ended.exitCode()),
          ended);
    } else if (service.spec.onDeath() == ServiceSpec.OnDeath.FAIL) {
      throw new ProcessFailure(
          "%s ended unexpectedly (exit code %d). Its last log lines:"
              .formatted(service.name(), ended.exitCode()),
          ended);
    } else if (service.restarts == RESTART_LIMIT) {
      throw new ProcessFailure(
          "%s ended (exit code %d) and has been restarted %d times already. Its last log lines:"
              .formatted(service.name(), ended.exitCode(), RESTART_LIMIT),
          ended);
    } else {
      service.restarts++;
      notices.accept(
          "%s ended unexpectedly (exit code %d); restarting it (%d of %d), log: %s"
              .formatted(
                  service.name(),
                  ended.exitCode(),
                  service.restarts,
                  RESTART_LIMIT,
                  ended.output().log()));
    }
    service.process = launch(service.spec);
  }

  private void announce(Service service, List<Service> waiting) {
    String rest =
        waiting.isEmpty()
            ? ""
            : "; waiting for "
                + waiting.stream().map(Service::name).collect(Collectors.joining(", "));
    notices.accept(service.name() + " is ready" + rest);
  }
}
