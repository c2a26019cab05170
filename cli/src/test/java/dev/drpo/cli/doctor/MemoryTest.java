package dev.drpo.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.doctor.Finding.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
  private static final String PAGES = "sys/kernel/mm/transparent_hugepage/enabled";

  @TempDir private Path root;

  @Test
  void whatTheKernelCallsAvailableCounts() throws IOException {
    meminfo(32_000_000, 8_000_000);

    assertThat(Memory.memory(host()))
        .isEqualTo(Finding.ok("memory", "8.2 GB available of 32.8 GB"));
  }

  @Test
  void aControlGroupsLimitLeavesLess() throws IOException {
    meminfo(32_000_000, 20_000_000);
    write("sys/fs/cgroup/memory.max", "6000000000\n");
    write("sys/fs/cgroup/memory.current", "3000000000\n");
    write("sys/fs/cgroup/memory.stat", "anon 1000\ninactive_file 1000000000\n");

    Finding finding = Memory.memory(host());

    assertThat(finding.status()).isEqualTo(Status.FAILED);
    assertThat(finding.found())
        .isEqualTo("4.0 GB available of 32.8 GB, limited to 6.0 GB by the control group");
    assertThat(finding.remedy()).contains("5 GB", "raise the container's limit");
  }

  @Test
  void aGroupWithoutALimitChangesNothing() throws IOException {
    meminfo(32_000_000, 20_000_000);
    write("sys/fs/cgroup/memory.max", "max\n");

    assertThat(Memory.memory(host()).found()).doesNotContain("limited");
  }

  @Test
  void theFirstVersionOfControlGroupsIsReadToo() throws IOException {
    meminfo(32_000_000, 20_000_000);
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9000000000\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000000\n");

    assertThat(Memory.memory(host()).found()).startsWith("8.0 GB available");
  }

  @Test
  void hugePagesAreThereWhereTheKernelGivesAndTheLibraryAsks() throws IOException {
    write(PAGES, "always [madvise] never\n");

    assertThat(Memory.hugePages(new Host(root, Map.of("THP_MEM_ALLOC_ENABLE", "1"))).status())
        .isEqualTo(Status.OK);
    assertThat(Memory.hugePages(host()).remedy()).contains("set THP_MEM_ALLOC_ENABLE=1");
    write(PAGES, "[always] madvise never\n");
    assertThat(Memory.hugePages(host()).status()).isEqualTo(Status.OK);
    write(PAGES, "always madvise [never]\n");
    assertThat(Memory.hugePages(host()).remedy()).contains("echo madvise > /" + PAGES);
  }

  private void meminfo(long total, long available) throws IOException {
    write(
        "proc/meminfo",
        "MemTotal:       %d kB\nMemFree:  1 kB\nMemAvailable:   %d kB\n"
            .formatted(total, available));
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Host host() {
    return new Host(root, Map.of());
  }
}
