package dev.drpo.cli.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Memory, as far as a control group allows, and the size of its pages. */
final class Memory {
  /** What the quickstart takes with all of its processes. */
  private static final long QUICKSTART_BYTES = 5_000_000_000L;

  private static final String INFO = "proc/meminfo";
  private static final String GROUP = "sys/fs/cgroup/";
  private static final String PAGES = "sys/kernel/mm/transparent_hugepage/enabled";
  private static final String ASKS = "THP_MEM_ALLOC_ENABLE";
  private static final long KIBIBYTE = 1024;

  private Memory() {}

  static List<Finding> find(Host host) {
    return List.of(memory(host), hugePages(host));
  }

  static Finding memory(Host host) {
    Optional<Long> total = host.number(INFO, "MemTotal:").map(kilo -> kilo * KIBIBYTE);
    Optional<Long> free = host.number(INFO, "MemAvailable:").map(kilo -> kilo * KIBIBYTE);
    if (total.isEmpty() || free.isEmpty()) {
      return Finding.advice(
          "memory", "/proc/meminfo does not tell", "see that 5 GB are free for the quickstart");
    }
    Optional<Long> limit = limit(host).filter(bytes -> bytes < total.get());
    long available =
        Stream.of(free, limit.map(bytes -> bytes - usedByGroup(host)))
            .flatMap(Optional::stream)
            .mapToLong(Long::longValue)
            .min()
            .getAsLong();
    String found =
        "%s available of %s%s"
            .formatted(
                gigabytes(available),
                gigabytes(total.get()),
                limit
                    .map(bytes -> ", limited to " + gigabytes(bytes) + " by the control group")
                    .orElse(""));
    return available >= QUICKSTART_BYTES
        ? Finding.ok("memory", found)
        : Finding.failed(
            "memory",
            found,
            "the smallest run, quickstart, takes 5 GB; end other programs, or raise the container's"
                + " limit");
  }

  private static Optional<Long> limit(Host host) {
    return host.number(GROUP + "memory.max", "")
        .or(() -> host.number(GROUP + "memory/memory.limit_in_bytes", ""));
  }

  /** What the group holds and would not give way. */
  private static long usedByGroup(Host host) {
    long used =
        host.number(GROUP + "memory.current", "")
            .or(() -> host.number(GROUP + "memory/memory.usage_in_bytes", ""))
            .orElse(0L);
    long cache =
        host.number(GROUP + "memory.stat", "inactive_file ")
            .or(() -> host.number(GROUP + "memory/memory.stat", "total_inactive_file "))
            .orElse(0L);
    return used - cache;
  }

  static Finding hugePages(Host host) {
    String subject = "huge pages";
    boolean asked = host.environment().getOrDefault(ASKS, "0").equals("1");
    String chosen =
        host.line(PAGES).map(line -> line.replaceAll(".*\\[(\\w+)].*", "$1")).orElse("unknown");
    if (chosen.equals("always") || (chosen.equals("madvise") && asked)) {
      return Finding.ok(subject, "transparent: " + chosen + ", " + ASKS + "=" + (asked ? 1 : 0));
    }
    if (chosen.equals("madvise")) {
      return Finding.advice(
          subject,
          "transparent: madvise, but the tensor library does not ask for them",
          "set " + ASKS + "=1, which ./drpo does unless the environment says otherwise");
    }
    return Finding.advice(
        subject,
        "transparent: " + chosen,
        "caches decode a little faster on them; as root: echo madvise > /" + PAGES);
  }

  static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
