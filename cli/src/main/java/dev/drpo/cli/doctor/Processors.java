package dev.drpo.cli.doctor;

import java.util.List;
import java.util.Optional;

/** The JDK and what it runs on. */
final class Processors {
  private static final String GROUP_LIMIT = "sys/fs/cgroup/cpu.max";
  private static final int USEFUL = 2;

  private Processors() {}

  static List<Finding> find(Host host) {
    return List.of(jdk(), platform(), processors(host));
  }

  private static Finding jdk() {
    return Finding.ok(
        "JDK",
        "%s (%s), %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("java.home")));
  }

  private static Finding platform() {
    return platform(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Finding platform(String system, String architecture) {
    String found = system + " on " + architecture;
    return system.equals("Linux") && architecture.equals("amd64")
        ? Finding.ok("system", found)
        : Finding.failed(
            "system", found, "the tensor library is built for Linux on x86-64; use such a machine");
  }

  private static Finding processors(Host host) {
    int usable = Runtime.getRuntime().availableProcessors();
    long all =
        host.lines("proc/cpuinfo").stream().filter(line -> line.startsWith("processor")).count();
    String found =
        "%d of %d cores%s%s"
            .formatted(
                usable,
                Math.max(all, usable),
                limit(host)
                    .map(cores -> ", limited to " + cores + " by the control group")
                    .orElse(""),
                vectors(host).map(name -> ", " + name).orElse(""));
    return usable >= USEFUL
        ? Finding.ok("processor", found)
        : Finding.advice(
            "processor", found, "runs take turns on it; give the machine or container two or more");
  }

  /** Cores' worth of time that a control group allows. */
  static Optional<String> limit(Host host) {
    return host.line(GROUP_LIMIT)
        .map(line -> line.split(" ", -1))
        .filter(words -> words.length == 2 && !words[0].equals("max"))
        .map(
            words ->
                Double.toString(
                    Math.round(10 * Double.parseDouble(words[0]) / Double.parseDouble(words[1]))
                        / 10.0));
  }

  /** The widest vector instructions. */
  private static Optional<String> vectors(Host host) {
    String flags =
        host.lines("proc/cpuinfo").stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .orElse("");
    return List.of("avx512_bf16", "avx512f", "avx2").stream()
        .filter(flag -> flags.contains(" " + flag))
        .findFirst();
  }
}
