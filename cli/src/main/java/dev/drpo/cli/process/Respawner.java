package dev.drpo.cli.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Starts services as child processes and starts each anew whenever it ends, on the same ports, as a
 * platform does: for those who kill them. It leaves none behind when it is closed. One thread uses
 * it.
 */
public final class Respawner implements AutoCloseable {
  /** Ends in a row that nobody asked for, after which a service is given up. */
  static final int MOST_FAILURES = 10;

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final Consumer<String> notices;
  private final List<Member> members = new ArrayList<>();

  /**
   * @param notices is told what a person should know
   */
  public Respawner(Consumer<String> notices) {
    this.notices = notices;
  }

  /** One service. Its process changes when it is started anew. */
  public static final class Member {
    private final ServiceSpec spec;
    private final Ports ports;
    private ServiceProcess process;
    private boolean askedToEnd;
    private boolean paused;
    private int starts = 1;
    private int failures;
    private int failuresInARow;
    private long notBefore = System.nanoTime();

    private Member(ServiceSpec spec, Ports ports, ServiceProcess process) {
      this.spec = spec;
      this.ports = ports;
      this.process = process;
    }

    public String name() {
      return spec.name();
    }

    /** Where it listens, whichever process it is. */
    public Ports ports() {
      return ports;
    }

    /** Of the process that runs it at present. */
    public long pid() {
      return process.pid();
    }

    /** How often it was started. */
    public int starts() {
      return starts;
    }

    /** How often it ended though nobody here had asked for it. */
    public int failures() {
      return failures;
    }

    public boolean isAlive() {
      return process.isAlive();
    }

    /** Asks its readiness once. */
    public Readiness.State probe() {
      return spec.readiness().probe(process);
    }

    /** Ends its process as a crash does; {@link #tend} starts another. */
    public void kill() throws InterruptedException {
      askedToEnd = true;
      failuresInARow = 0;
      process.kill();
      paused = false;
    }

    /** Ends its process in order, or by force when the patience is over. */
    public void stop() {
      askedToEnd = true;
      failuresInARow = 0;
      process.stop(STOP_PATIENCE);
    }

    /**
     * Stops the process in its tracks, as a machine does that swaps or a hypervisor that moves it.
     */
    public void pause() throws ProcessFailure, InterruptedException {
      process.signal("STOP");
      paused = true;
    }

    /** Lets a paused process go on, which knows nothing of the pause. */
    public void resume() throws ProcessFailure, InterruptedException {
      if (paused) {
        process.signal("CONT");
        paused = false;
      }
    }
  }

  /** Starts a service on ports that it keeps. */
  public Member start(ServiceSpec spec, Ports ports) throws ProcessFailure {
    Member member = new Member(spec, ports, ServiceProcess.start(spec, ports));
    members.add(member);
    return member;
  }

  /**
   * Starts anew every service whose process has ended.
   *
   * @throws ProcessFailure if one ends again and again by itself
   */
  public void tend() throws ProcessFailure {
    for (Member member : members) {
      if (member.process.isAlive() || System.nanoTime() < member.notBefore) {
        continue;
      }
      if (!member.askedToEnd) {
        failed(member);
      }
      member.askedToEnd = false;
      member.process = ServiceProcess.start(member.spec, member.ports);
      member.starts++;
    }
  }

  private void failed(Member member) throws ProcessFailure {
    member.failures++;
    if (++member.failuresInARow > MOST_FAILURES) {
      throw new ProcessFailure(
          "%s ended by itself %d times in a row (exit code %d at last). Its last log lines:"
              .formatted(member.name(), member.failuresInARow, member.process.exitCode()),
          member.process);
    }
    notices.accept(
        "%s ended by itself (exit code %d); starting it anew"
            .formatted(member.name(), member.process.exitCode()));
    member.notBefore = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
  }

  /** Stops every service, the last started first. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
    for (Member member : members.reversed()) {
      member.process.stop(
          member.paused ? Duration.ZERO : Duration.ofNanos(deadline - System.nanoTime()));
    }
    members.clear();
  }
}
