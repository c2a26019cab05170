package dev.drpo.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Findings as lines for people, a remedy below what it is for. */
final class FindingTable {
  private static final String ROW = "%-7s %-18s %s";

  private FindingTable() {}

  static List<String> lines(List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      String status =
          finding.hasFailed()
              ? finding.status().name()
              : finding.status().name().toLowerCase(Locale.ROOT);
      lines.add(ROW.formatted(status, finding.subject(), finding.found()));
      if (!finding.remedy().isEmpty()) {
        lines.add(ROW.formatted("", "", "-> " + finding.remedy()));
      }
    }
    return lines;
  }
}
