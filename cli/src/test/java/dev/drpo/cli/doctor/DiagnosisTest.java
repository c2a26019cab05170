package dev.drpo.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.benchmarks.device.Check;
import dev.drpo.benchmarks.device.DeviceReport;
import dev.drpo.benchmarks.device.Part;
import dev.drpo.benchmarks.device.PartReport;
import dev.drpo.cli.exit.ExitCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final List<Finding> WELL =
      List.of(
          Finding.ok("memory", "enough"), Finding.advice("huge pages", "never", "as root: echo"));
  private static final Optional<String> GPU = Optional.of("cuda");

  @Test
  void adviceStopsNoRun() {
    Diagnosis diagnosis = new Diagnosis(WELL, Optional.empty(), Optional.empty());

    assertThat(diagnosis.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(diagnosis.summary()).isEqualTo("runs can start here");
  }

  @Test
  void whatIsMissingIsNamedAndFails() {
    List<Finding> findings = List.of(Finding.failed("memory", "1 GB", "more"), WELL.getLast());

    Diagnosis run = new Diagnosis(findings, Optional.empty(), Optional.empty());
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.summary()).isEqualTo("runs can't start here: see memory above");
    assertThat(new Diagnosis(findings, GPU, Optional.empty()).summary())
        .isEqualTo("cuda was not examined: see memory above");
  }

  @Test
  void aMissedBoundFails() {
    Diagnosis passed = new Diagnosis(WELL, GPU, Optional.of(report(check(0.5, true))));
    assertThat(passed.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(passed.summary()).isEqualTo("cuda passed every check");

    Diagnosis failed = new Diagnosis(WELL, GPU, Optional.of(report(check(1.5, false))));
    assertThat(failed.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failed.summary()).isEqualTo("cuda failed 1 check");
    assertThat(failed.json("here")).containsEntry("passed", false);
  }

  @Test
  void aPartThatDidNotRunFails() {
    DeviceReport report =
        new DeviceReport(
            "cuda",
            "1.5b",
            60,
            List.of(
                new PartReport(
                    Part.DECODING, List.of(), List.of(), List.of(), List.of("exit code 134")),
                new PartReport(
                    Part.LEARNING, List.of(), List.of(), List.of(), List.of("exit code 134"))));

    Diagnosis diagnosis = new Diagnosis(WELL, GPU, Optional.of(report));

    assertThat(diagnosis.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(diagnosis.summary()).isEqualTo("cuda failed 2 checks");
  }

  private static Check check(double value, boolean passed) {
    return new Check("distance", value, 1, "nats", passed, "", "");
  }

  private static DeviceReport report(Check check) {
    return new DeviceReport(
        "cuda",
        "1.5b",
        60,
        List.of(new PartReport(Part.NUMBERS, List.of(check), List.of(), List.of(), List.of())));
  }
}
