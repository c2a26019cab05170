package dev.drpo.benchmarks.device;

import java.util.List;

/**
 * What came out of a part.
 *
 * @param part which one
 * @param checks figures with a bound
 * @param figures figures without
 * @param notes what was left out, and why
 * @param failures why the part has no figures; empty if it has
 */
public record PartReport(
    Part part,
    List<Check> checks,
    List<Figure> figures,
    List<String> notes,
    List<String> failures) {
  public PartReport {
    checks = List.copyOf(checks);
    figures = List.copyOf(figures);
    notes = List.copyOf(notes);
    failures = List.copyOf(failures);
  }

  static PartReport failed(Part part, String failure) {
    return new PartReport(part, List.of(), List.of(), List.of(), List.of(failure));
  }

  /** Figures above their bounds, and failures. */
  long failed() {
    return failures.size() + checks.stream().filter(check -> !check.passed()).count();
  }
}
