package dev.drpo.cli.process;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ready when the process has printed a line {@code READY host:port}. */
public final class ReadyLine implements Readiness {
  private static final Pattern READY = Pattern.compile("(?m)^READY (\\S+:\\d+)\\s*$");

  @Override
  public State probe(ServiceProcess process) {
    return address(process).isPresent()
        ? new State.Ready()
        : new State.Waiting("it has not printed a line 'READY host:port'", true);
  }

  /** The {@code host:port} that the process has announced. */
  public Optional<String> address(ServiceProcess process) {
    Matcher line = READY.matcher(process.output().text());
    return line.find() ? Optional.of(line.group(1)) : Optional.empty();
  }
}
