package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.planning.DiskNeeds;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
  private static final DiskNeeds EXPECTED =
      new DiskNeeds(
          64_000_000_000L, 15_000_000_000L, 11_000_000_000L, 5_000_000_000L, 0, 500_000_000L);
  private static final DiskNeeds WORST =
      new DiskNeeds(
          64_000_000_000L, 15_000_000_000L, 11_000_000_000L, 11_000_000_000L, 0, 500_000_000L);

  @TempDir Path folder;

  @Test
  void aRunThatIsExpectedToFillItsDiskIsRefusedWithBothFigures() {
    DiskSpace space = new DiskSpace(EXPECTED, WORST, 95_499_999_999L);
    assertThatThrownBy(() -> space.requireRoom(new RunFolder(folder)))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll(
            folder.toString(),
            "has 95.5 GB for the run",
            "expected to take 95.5 GB: checkpoints 64.0 GB, snapshots 15.0 GB",
            "records of the broker 5.0 GB",
            "at most 101.5 GB",
            "--out");
  }

  @Test
  void aRunThatFillsItOnlyWithResponsesOfFullLengthIsWarnedOf() {
    RunFolder run = new RunFolder(folder);
    for (long room : new long[] {95_500_000_000L, 101_499_999_999L}) {
      DiskSpace space = new DiskSpace(EXPECTED, WORST, room);
      assertThatCode(() -> space.requireRoom(run)).doesNotThrowAnyException();
      assertThat(space.warning(run).orElseThrow())
          .contains("expected to take 95.5 GB", "as much as 101.5 GB: checkpoints");
    }
    assertThat(new DiskSpace(EXPECTED, WORST, 101_500_000_000L).warning(run)).isEmpty();
  }

  @Test
  void replicasThatWouldFillAnotherDiskAreRefused() {
    DiskNeeds needs = new DiskNeeds(0, 0, 0, 0, 7_000_000_000L, 0);
    Path temporary = folder.resolve("tmp");
    assertThatCode(() -> DiskSpace.requireTemporaryRoom(2, needs, 7_000_000_000L, temporary))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> DiskSpace.requireTemporaryRoom(2, needs, 6_999_999_999L, temporary))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll(
            temporary.toString(), "2 rollout replicas take 7.0 GB", "java.io.tmpdir");
  }

  @Test
  void whatARunHasTakenAlreadyIsRoomForIt() throws IOException {
    RunPlan plan =
        new RunPlan(
            new RunFolder(folder.resolve("run")),
            ConfigLoader.load(
                null,
                Map.of(),
                Map.of(
                    "policy.path",
                    Repository.in(folder.resolve("repository"))
                        .root()
                        .resolve("datasets/quickstart/policy")
                        .toString())),
            1);
    Path checkpoints = Files.createDirectories(plan.folder().path().resolve("checkpoints"));
    Path logs = Files.createDirectories(plan.folder().kafka());
    Files.write(checkpoints.resolve("policy.safetensors"), new byte[64 << 20]);
    Files.write(logs.resolve("00000.index"), new byte[1]);
    long with = DiskSpace.taken(plan.folder().path());

    assertThat(with).isEqualTo(64 << 20);
    assertThat(DiskSpace.taken(folder.resolve("nothing"))).isZero();
    assertThat(DiskSpace.of(plan).room()).isGreaterThan(with);
  }
}
