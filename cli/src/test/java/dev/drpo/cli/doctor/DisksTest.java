package dev.drpo.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisksTest {
  @TempDir private Path folder;

  @Test
  void aLibraryThatIsUnpackedNeedsNoRoom() throws IOException {
    Path build = Files.createDirectories(folder.resolve("2.7.1-cpu-linux-x86_64"));
    Files.createFile(build.resolve("libtorch.so"));

    assertThat(Disks.libraries(folder, Long.MAX_VALUE))
        .isEqualTo(Finding.ok("disk of libraries", "unpacked in " + folder));
  }

  @Test
  void oneThatIsNotNeedsAsMuchAsItsBuildTakes() {
    Path absent = folder.resolve("not/there/yet");

    assertThat(Disks.libraries(absent, 1).hasFailed()).isFalse();
    Finding finding = Disks.libraries(absent, Long.MAX_VALUE);
    assertThat(finding.hasFailed()).isTrue();
    assertThat(finding.remedy()).contains("DJL_CACHE_DIR");
  }

  @Test
  void aFolderThatIsNotThereYetIsOnTheDiskOfTheOneAboveIt() {
    assertThat(Disks.runs(folder.resolve("runs")).found()).contains("GB free for " + folder);
  }
}
