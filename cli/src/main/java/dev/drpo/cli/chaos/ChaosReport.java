package dev.drpo.cli.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a calm and a stormy run of one configuration have shown.
 *
 * @param plan of the storm
 * @param promptsPerStep groups of a step
 * @param clocks whether clocks could be set
 * @param violations of either run, and what they differ by; empty if all is as it should be
 */
record ChaosReport(
    StormPlan plan,
    int steps,
    int promptsPerStep,
    boolean clocks,
    Trial calm,
    Trial storm,
    List<String> violations) {
  private static final String ROW = "%-22s %14s %14s";

  ChaosReport {
    violations = List.copyOf(violations);
  }

  static ChaosReport of(
      StormPlan plan, int steps, int promptsPerStep, boolean clocks, Trial calm, Trial storm)
      throws IOException {
    List<String> violations = new ArrayList<>();
    calm.violations().forEach(violation -> violations.add("calm: " + violation));
    storm.violations().forEach(violation -> violations.add("storm: " + violation));
    violations.addAll(calm.differences(storm));
    return new ChaosReport(plan, steps, promptsPerStep, clocks, calm, storm, violations);
  }

  /** The report as lines for people. */
  List<String> table() {
    ChaosRun.Outcome struck = storm.outcome().orElseThrow();
    List<String> lines = new ArrayList<>();
    lines.add(
        "seed %d, %d steps of %d groups: %d strikes, of which %d kill %d processes; %d started anew, %d of which had ended by themselves"
            .formatted(
                plan.seed(),
                steps,
                promptsPerStep,
                struck.strikes(),
                struck.kills(),
                struck.killed(),
                struck.restarts(),
                struck.selfEnded()));
    if (struck.losses() > 0) {
      lines.add(
          "the broker lost its data %d times, and with it the evidence of the topics: the steps' groups and the policies are compared"
              .formatted(struck.losses()));
    }
    if (!clocks) {
      lines.add("clocks were left alone: libfaketime is not installed (Debian: faketime)");
    }
    if (!struck.missed().isEmpty()) {
      lines.add("%d strikes never came, since the run was over".formatted(struck.missed().size()));
    }
    lines.add("");
    lines.add(ROW.formatted("", "calm", "storm"));
    lines.add(row("seconds", seconds(calm), seconds(storm)));
    lines.add(
        row(
            "groups sent out",
            audited(calm, Figure.DISPATCHED),
            audited(storm, Figure.DISPATCHED)));
    lines.add(row("trained once", audited(calm, Figure.TRAINED), audited(storm, Figure.TRAINED)));
    lines.add(row("lost", audited(calm, Figure.LOST), audited(storm, Figure.LOST)));
    lines.add(row("records again", audited(calm, Figure.AGAIN), audited(storm, Figure.AGAIN)));
    lines.add(row("removed unread", audited(calm, Figure.UNREAD), audited(storm, Figure.UNREAD)));
    lines.add(row("dead letters", audited(calm, Figure.DEAD), audited(storm, Figure.DEAD)));
    lines.add(row("policy", digest(calm), digest(storm)));
    lines.add("");
    if (violations.isEmpty()) {
      lines.add(
          struck.losses() > 0
              ? "no violation: every step learned from the same groups, and the policies are equal"
              : "no violation: nothing was lost, nothing counted twice, and the policies are equal");
    } else {
      violations.forEach(violation -> lines.add("VIOLATION " + violation));
    }
    return lines;
  }

  private enum Figure {
    DISPATCHED("dispatched"),
    TRAINED("trained"),
    LOST("lost"),
    AGAIN("again"),
    UNREAD("unread"),
    DEAD("deadLetters");

    private final String key;

    Figure(String key) {
      this.key = key;
    }

    long of(Audit.Result audit) {
      return switch (this) {
        case DISPATCHED -> audit.dispatched();
        case TRAINED -> audit.trained();
        case LOST -> audit.lost();
        case AGAIN -> audit.again();
        case UNREAD -> audit.unread();
        case DEAD -> audit.deadLetters();
      };
    }
  }

  private static String row(String name, String calm, String storm) {
    return ROW.formatted(name, calm, storm);
  }

  private static String seconds(Trial trial) {
    return String.format(Locale.ROOT, "%.1f", trial.seconds());
  }

  private static String audited(Trial trial, Figure figure) {
    return trial.audit().map(audit -> String.valueOf(figure.of(audit))).orElse("-");
  }

  private static String digest(Trial trial) {
    return trial.files().map(files -> Audit.shortened(files.policyDigest())).orElse("-");
  }

  /** Writes the report for programs. */
  void write(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("seed", plan.seed()).put("steps", steps).put("promptsPerStep", promptsPerStep);
    json.put("clocks", clocks);
    ChaosRun.Outcome struck = storm.outcome().orElseThrow();
    json.put("strikes", struck.strikes())
        .put("kills", struck.kills())
        .put("processesKilled", struck.killed())
        .put("restarts", struck.restarts())
        .put("selfEnded", struck.selfEnded())
        .put("losses", struck.losses())
        .put("strikesMissed", struck.missed().size());
    ArrayNode strikes = json.putArray("plan");
    plan.strikes().forEach(strike -> strikes.add(strike.description(promptsPerStep)));
    put(json.putObject("calm"), calm);
    put(json.putObject("storm"), storm);
    ArrayNode found = json.putArray("violations");
    violations.forEach(found::add);
    Files.write(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
  }

  private static void put(ObjectNode json, Trial trial) {
    json.put("folder", trial.folder().toString()).put("seconds", trial.seconds());
    trial.files().ifPresent(files -> json.put("policyDigest", files.policyDigest()));
    trial
        .audit()
        .ifPresent(
            audit -> {
              for (Figure figure : Figure.values()) {
                json.put(figure.key, figure.of(audit));
              }
            });
  }
}
