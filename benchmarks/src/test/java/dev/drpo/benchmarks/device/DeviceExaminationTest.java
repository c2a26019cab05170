package dev.drpo.benchmarks.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole examination, in its processes, as a GPU meets it. */
@Timeout(300)
class DeviceExaminationTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void aCpuPassesEveryPartAtTheTinyShape() throws Exception {
    List<String> progress = new ArrayList<>();
    DeviceReport report = new DeviceExamination("cpu", Shape.TINY, PATIENCE).run(progress::add);

    assertThat(progress).hasSize(Part.values().length);
    assertThat(report.parts())
        .extracting(PartReport::part)
        .containsExactly(Part.NUMBERS, Part.DECODING, Part.LEARNING);
    assertThat(report.parts()).flatExtracting(PartReport::failures).isEmpty();
    assertThat(report.parts()).flatExtracting(PartReport::notes).isEmpty();
    assertThat(report.parts()).flatExtracting(PartReport::checks).hasSize(15);
    assertThat(report.hasPassed()).isTrue();
    List<Figure> rates =
        report.parts().stream().skip(1).flatMap(part -> part.figures().stream()).toList();
    assertThat(rates).hasSize(2 + 2 * 4 + 1 + 5).allMatch(figure -> figure.value() > 0);
    assertThat(DeviceTable.lines(report))
        .anyMatch(line -> line.contains("ok") && line.contains("learner's log-probabilities"))
        .noneMatch(line -> line.contains("FAILED"));
  }

  @Test
  void aDeviceThatIsNotThereFailsEveryPartWithTheReason() throws Exception {
    DeviceReport report = new DeviceExamination("cuda:99", Shape.TINY, PATIENCE).run(line -> {});

    assertThat(report.hasPassed()).isFalse();
    assertThat(report.parts())
        .hasSize(3)
        .allSatisfy(
            part ->
                assertThat(part.failures())
                    .singleElement()
                    .asString()
                    .contains("exit code 1", "that its tensor library can use"));
    assertThat(DeviceTable.lines(report)).filteredOn(line -> line.contains("FAILED")).hasSize(3);
  }

  @Test
  void whatTakesTooLongIsEndedAndFails() throws Exception {
    DeviceReport report =
        new DeviceExamination("cpu", Shape.TINY, Duration.ofMillis(1)).run(line -> {});

    assertThat(report.parts())
        .allSatisfy(part -> assertThat(part.failures().getFirst()).contains("was ended"));
  }
}
