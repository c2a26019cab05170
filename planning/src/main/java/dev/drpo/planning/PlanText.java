package dev.drpo.planning;

import dev.drpo.generation.MemoryPlan;
import dev.drpo.policy.checkpoint.PolicyLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link Plan} for people, line by line. */
public final class PlanText {
  private static final double GIGA = 1e9;
  private static final long MEBIBYTE = 1 << 20;

  private final Plan plan;
  private final List<String> lines = new ArrayList<>();

  private PlanText(Plan plan) {
    this.plan = plan;
  }

  /** Its lines. */
  public static List<String> lines(Plan plan) {
    PlanText text = new PlanText(plan);
    text.head();
    text.memory();
    text.cache();
    text.settings();
    text.time();
    text.processes();
    text.disks();
    text.notes();
    return List.copyOf(text.lines);
  }

  private void head() {
    Request request = plan.request();
    long parameters = PolicyLayout.of(request.model()).parameters();
    add(
        String.format(
            Locale.ROOT,
            "%s, %s parameters, on %s",
            request.title(),
            parameters < GIGA
                ? Math.round(parameters / 1e6) + " million"
                : String.format(Locale.ROOT, "%.2f billion", parameters / GIGA),
            request.fleet()));
    add(
        String.format(
            Locale.ROOT,
            "prompts of %.0f and responses of %.0f tokens on average, %.0f at most (the means are"
                + " assumed unless given)",
            request.lengths().prompt(),
            request.lengths().response(),
            request.lengths().longest()));
  }

  private void memory() {
    heading("Memory of each device, at most");
    List<Use> uses = plan.uses();
    for (int from = 0; from < uses.size(); ) {
      Use use = uses.get(from);
      int to = from;
      while (to + 1 < uses.size()
          && uses.get(to + 1).roles().equals(use.roles())
          && uses.get(to + 1).components().equals(use.components())) {
        to++;
      }
      add(
          String.format(
              Locale.ROOT,
              "%-24s %-16s %6.1f GB of %.1f GB",
              to == from ? use.device() : use.device() + " to " + uses.get(to).device(),
              use.roles(),
              use.needed() / GIGA,
              use.bytes() / GIGA));
      components(use);
      from = to + 1;
    }
  }

  /** A line for each part of a shared device, whose components begin with its name. */
  private void components(Use use) {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    use.components()
        .forEach(
            (name, bytes) -> {
              int colon = name.indexOf(": ");
              String part = colon < 0 ? "" : name.substring(0, colon + 2);
              parts
                  .computeIfAbsent(part, _ -> new ArrayList<>())
                  .add(name.substring(part.length()) + " " + size(bytes));
            });
    parts.forEach((part, sizes) -> add("    " + part + String.join(", ", sizes)));
  }

  private void cache() {
    MemoryPlan memory =
        plan.rolloutMemory().expecting((int) Math.ceil(plan.request().lengths().response()));
    MemoryPlan.Responses responses = memory.responses();
    add(
        String.format(
            Locale.ROOT,
            "    responses in the cache: room for %,d tokens; %d slots need %,d (%s) at the expected lengths,"
                + " and %,d (%s) all at the longest",
            responses.positions(),
            responses.slots(),
            responses.expected(),
            size(responses.expected() * responses.positionBytes()),
            responses.most(),
            size(responses.most() * responses.positionBytes())));
  }

  private void settings() {
    heading("Settings that differ from those asked for");
    Map<String, String> changes = plan.changes();
    if (changes.isEmpty()) {
      add("none");
    }
    changes.forEach(this::row);
    if (!plan.request().fleet().isCpu()) {
      row("rollout replicas", String.valueOf(plan.replicas()));
    }
  }

  private void time() {
    StepTime time = plan.time();
    heading("Expected time of a step (modelled; every rate is assumed, none measured)");
    row("generation", seconds(time.generation()));
    row("learning", seconds(time.learning()));
    if (time.exchange() > 0) {
      row("gradients between devices", seconds(time.exchange()));
    }
    row("weights to the replicas", seconds(time.publishing()));
    row(
        "step",
        seconds(time.total())
            + (time.overlapped() ? ", generation beside learning" : ", one after the other"));
    int steps = plan.config().training().steps();
    row(steps + " steps", seconds(time.total() * steps));
    if (plan.config().evaluation().problems() > 0) {
      row(
          "an evaluation of " + Plan.evaluated(plan.config()) + " problems",
          seconds(plan.evaluationSeconds()));
    }
    Card card = plan.request().fleet().card();
    add(
        String.format(
            Locale.ROOT,
            "assumed: %.3g TFLOP/s and %.3g TB/s; %s",
            card.flops() / 1e12,
            card.bytesPerSecond() / 1e12,
            Rates.of(plan.request().fleet())));
  }

  private void processes() {
    heading("Memory of the host that a container of each needs");
    process("learner", plan.learnerHost(), plan.learnerHeap());
    process(
        plan.replicas() == 1 ? "replica" : "each of " + plan.replicas() + " replicas",
        plan.rolloutHost(),
        plan.rolloutHeap());
  }

  private void process(String name, long bytes, long heap) {
    row(name, size(bytes) + ", of which heap " + heap / MEBIBYTE + " MiB");
  }

  private void disks() {
    DiskNeeds disk = plan.disk();
    heading("Disk, with every response at its longest");
    row("the run's folder", size(disk.ofLearner()));
    row("records of the broker", size(disk.records()));
    row(
        plan.replicas() == 1 ? "temporary files of the replica" : "temporary files of each replica",
        size(disk.replicas() / plan.replicas()));
  }

  private void notes() {
    if (!plan.notes().isEmpty()) {
      heading("Notes");
      plan.notes().forEach(this::add);
    }
  }

  private void heading(String text) {
    add("");
    add(text);
  }

  private void row(String name, String value) {
    add(String.format(Locale.ROOT, "%-34s %s", name, value));
  }

  private void add(String line) {
    lines.add(line.stripTrailing());
  }

  private static String size(long bytes) {
    return bytes < GIGA
        ? Math.round(bytes / 1e6) + " MB"
        : String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
  }

  /** A length of time for people: to a tenth of a second, or in minutes, hours, days. */
  public static String seconds(double seconds) {
    if (seconds < 100) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < 100 * 60) {
      return String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }
    return seconds < 72 * 3600
        ? String.format(Locale.ROOT, "%.1f h", seconds / 3600)
        : String.format(Locale.ROOT, "%.1f days", seconds / 86_400);
  }
}
