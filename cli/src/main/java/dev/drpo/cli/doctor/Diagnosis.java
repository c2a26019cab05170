package dev.drpo.cli.doctor;

import dev.drpo.benchmarks.device.DeviceReport;
import dev.drpo.cli.exit.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the doctor found.
 *
 * @param findings about the machine
 * @param examined the device that was to be examined, if any
 * @param report what came out; empty if none was to be, or something that it needs is missing
 */
record Diagnosis(List<Finding> findings, Optional<String> examined, Optional<DeviceReport> report) {

  /** Whether nothing is missing and every check passed. */
  boolean hasPassed() {
    return findings.stream().noneMatch(Finding::hasFailed)
        && report.map(DeviceReport::hasPassed).orElse(examined.isEmpty());
  }

  int exitCode() {
    return hasPassed() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The last line for people. */
  String summary() {
    List<String> missing =
        findings.stream().filter(Finding::hasFailed).map(Finding::subject).toList();
    if (!missing.isEmpty()) {
      return "%s: see %s above"
          .formatted(
              examined.map(device -> device + " was not examined").orElse("runs can't start here"),
              String.join(", ", missing));
    }
    if (report.isEmpty()) {
      return "runs can start here";
    }
    long failed = report.get().failed();
    return report.get().device()
        + (failed == 0
            ? " passed every check"
            : " failed %d %s".formatted(failed, failed == 1 ? "check" : "checks"));
  }

  /** All of it, as an object mapper writes it. */
  Map<String, Object> json(String machine) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("passed", hasPassed());
    all.put("findings", findings.stream().map(Diagnosis::json).toList());
    report.ifPresent(found -> all.put("examination", found));
    return all;
  }

  private static Map<String, String> json(Finding finding) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("subject", finding.subject());
    fields.put("status", finding.status().name().toLowerCase(Locale.ROOT));
    fields.put("found", finding.found());
    fields.put("remedy", finding.remedy());
    return fields;
  }
}
