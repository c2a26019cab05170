package dev.drpo.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpusTest {
  private static final String THREE_CARDS =
      """
      0, NVIDIA H100 80GB HBM3, 81559, 81003, 570.86.15, GPU-aa11-0
      1, NVIDIA H100 80GB HBM3, 81559, 40000, 570.86.15, GPU-aa12-1
      2, NVIDIA L4, 23034, 22560, 570.86.15, GPU-bb13-2
      """;

  @TempDir private Path folder;

  @Test
  void everyCardIsToldWithItsMemoryAndItsDriver() throws IOException {
    assertThat(gpus(THREE_CARDS, Map.of()).list())
        .hasSize(3)
        .contains(
            new Gpu(1, "NVIDIA H100 80GB HBM3", 81559L << 20, 40000L << 20, "570.86.15"),
            new Gpu(2, "NVIDIA L4", 23034L << 20, 22560L << 20, "570.86.15"));
  }

  @Test
  void aWarningBehindTheCardsIsNoCard() throws IOException {
    String warning = "WARNING: infoROM is corrupted at gpu 0000:00:05.0";

    assertThat(gpus(THREE_CARDS + warning, Map.of()).list()).hasSize(3);
  }

  @Test
  void withoutTheProgramThereAreNone() {
    Gpus gpus = new Gpus("nvidia-smi", Map.of("PATH", folder.toString()));

    assertThat(gpus.canAsk()).isFalse();
    assertThat(gpus.list()).isEmpty();
  }

  @Test
  void aProgramOnThePathIsFound() throws IOException {
    FakeNvidiaSmi.telling(folder, THREE_CARDS);

    assertThat(new Gpus(FakeNvidiaSmi.NAME, Map.of("PATH", folder.toString())).canAsk()).isTrue();
  }

  @Test
  void aDriverWithoutCardsHasNone() throws IOException {
    Path program = FakeNvidiaSmi.failing(folder, "No devices were found", 6);

    assertThat(new Gpus(program.toString(), Map.of()).list()).isEmpty();
  }

  @Test
  void aFailureIsToldInTheProgramsWords() throws IOException {
    Path program = FakeNvidiaSmi.failing(folder, "couldn't communicate with the NVIDIA driver", 9);

    assertThatThrownBy(() -> new Gpus(program.toString(), Map.of()).list())
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("exit code 9: couldn't communicate with the NVIDIA driver");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0, NVIDIA L4, 23034, 22560, 570.86.15 | it has 5 fields, not 6",
        "0, NVIDIA GB10, [N/A], [N/A], 580.95.05, GPU-cc | its memory.total is no number",
        "0, NVIDIA L4, 23034, -1, 570.86.15, GPU-cc | its memory.free is no number",
        "first, NVIDIA L4, 23034, 22560, 570.86.15, GPU-cc | its index is no number",
        "0, NVIDIA L4, 23034 MiB, 22560 MiB, 570.86.15, GPU-cc | its memory.total is no number"
      })
  void whatCannotBeReadIsQuoted(String line, String why) throws IOException {
    assertThatThrownBy(() -> gpus(line, Map.of()).list())
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("told \"" + line + "\", which can't be read: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,0 | NVIDIA L4;NVIDIA H100 80GB HBM3",
        "GPU-bb | NVIDIA L4",
        "' 2 , GPU-aa11' | NVIDIA L4;NVIDIA H100 80GB HBM3",
        // An entry that names no card, or more than one, ends the list.
        "2,-1,0 | NVIDIA L4",
        "2,7,0 | NVIDIA L4",
        "2,GPU-aa | NVIDIA L4",
        // A card listed twice leaves none.
        "2,2 | ''",
        "'' | ''"
      })
  void cudaVisibleDevicesChoosesCardsAndNumbersThemAnew(String list, String names)
      throws IOException {
    List<Gpu> found = gpus(THREE_CARDS, Map.of("CUDA_VISIBLE_DEVICES", list)).list();

    assertThat(String.join(";", found.stream().map(Gpu::name).toList())).isEqualTo(names);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).device()).isEqualTo("cuda:" + i);
    }
  }

  @Test
  void aPartOfACardIsRefused() {
    assertThatThrownBy(() -> gpus(THREE_CARDS, Map.of("CUDA_VISIBLE_DEVICES", "MIG-0123")).list())
        .hasMessageContaining("CUDA_VISIBLE_DEVICES is MIG-0123")
        .hasMessageContaining("name whole cards");
  }

  private Gpus gpus(String told, Map<String, String> environment) throws IOException {
    return new Gpus(FakeNvidiaSmi.telling(folder, told).toString(), environment);
  }
}
