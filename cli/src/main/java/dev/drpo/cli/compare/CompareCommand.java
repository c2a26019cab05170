package dev.drpo.cli.compare;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.run.RunInputs;
import dev.drpo.cli.train.Overrides;
import dev.drpo.problems.Problem;
import dev.drpo.problems.ProblemFile;
import dev.drpo.reports.ComparedRun;
import dev.drpo.reports.ComparisonReport;
import dev.drpo.reports.ReportWriter;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drpo compare}: many methods on one footing, and the picture of it. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Train one starting policy by many methods and strengths, and draw accuracy against length.",
      "All runs have the same data, the same number of samples and the same seeds. Where several"
          + " learning rates are given, every method and strength takes the one with the highest"
          + " accuracy-efficiency score over the tuning seeds, which are not reported. Called again"
          + " on the same folder, it goes on: what is complete is not trained again.",
      "See docs/comparing.md for the file and an example."
    },
    footer = {
      "",
      "Exit codes: 0 every run completed, 1 some run failed (the report has the others), 2 wrong"
          + " options or file, 130 interrupted."
    })
public final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private What what;

  /** What to compare. */
  private static final class What {
    @Option(names = "--config", paramLabel = "FILE", description = "What to compare, as YAML.")
    private Path config;

    @Option(
        names = "--preset",
        paramLabel = "NAME",
        description =
            "What the repository has ready: study-small, or study, some hours on two cores.")
    private String preset;

    Comparison read(Path root) throws IOException {
      return preset == null ? ComparisonFile.read(config) : ShippedComparison.read(root, preset);
    }
  }

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the runs and the report.")
  private Path out;

  @Option(
      names = "--side-by-side",
      paramLabel = "N",
      description = "Runs that train at once (default: one per core).")
  private int sideBySide = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--report-only",
      description =
          "Train nothing, and write the report of the runs that are complete; what lacks is told.")
  private boolean reportOnly;

  @Parameters(
      arity = "0..*",
      paramLabel = "KEY=VALUE",
      description = "Keys of all runs' configurations, such as training.steps=50; they win.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    if (sideBySide < 1) {
      throw new UsageError("--side-by-side is %d; it must be 1 or more".formatted(sideBySide));
    }
    Comparison comparison = comparison();
    Map<List<Path>, RunConfig> byInputs = new LinkedHashMap<>();
    for (Comparison.Method method : comparison.methods()) {
      for (String strength : method.strengths()) {
        for (String rate : comparison.learningRates()) {
          RunConfig config =
              valid(comparison, new Cell(method, strength, rate, comparison.seeds().getFirst()));
          byInputs.putIfAbsent(
              List.of(config.policy().path(), config.data().train(), config.data().heldout()),
              config);
        }
      }
    }
    if (!reportOnly) {
      byInputs.values().forEach(RunInputs::check);
    }
    return Interruption.exitCode(() -> compare(comparison));
  }

  private Comparison comparison() throws IOException {
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    Map<String, String> keys = Overrides.of(overrides);
    try {
      return what.read(root).over(keys);
    } catch (IllegalArgumentException e) {
      throw new UsageError(e.getMessage());
    }
  }

  /** What can be found wrong is found before anything is trained. */
  private static RunConfig valid(Comparison comparison, Cell cell) {
    try {
      return cell.configuration(comparison.base());
    } catch (ConfigException e) {
      throw new UsageError("%s: %s".formatted(cell, e.getMessage()));
    }
  }

  private int compare(Comparison comparison) throws IOException, InterruptedException {
    CellRuns runs = new CellRuns(out.toAbsolutePath(), comparison.base(), sideBySide, this::say);
    List<Cell> tuning = comparison.tuning();
    Set<Cell> missing = new LinkedHashSet<>();
    if (!tuning.isEmpty()) {
      say("%d runs choose learning rates".formatted(tuning.size()));
      missing.addAll(missing(tuning, runs));
    }
    List<Cell> reported = new ArrayList<>();
    for (Comparison.Method method : comparison.methods()) {
      for (String strength : method.strengths()) {
        String rate = learningRate(comparison, method, strength, runs, missing);
        reported.addAll(comparison.reported(method, strength, rate));
      }
    }
    say("%d runs are compared".formatted(reported.size()));
    missing.addAll(missing(comparison.bySeed(reported), runs));
    report(comparison, reported.stream().filter(cell -> !missing.contains(cell)).toList(), runs);
    missing.forEach(cell -> say((reportOnly ? "not trained: " : "failed: ") + cell));
    return missing.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The runs without a result, after those that are due have been trained. */
  private List<Cell> missing(List<Cell> cells, CellRuns runs)
      throws IOException, InterruptedException {
    return reportOnly ? runs.incomplete(cells) : runs.complete(cells);
  }

  /** The rate whose tuning runs score best; of equals the lower one. */
  private String learningRate(
      Comparison comparison,
      Comparison.Method method,
      String strength,
      CellRuns runs,
      Set<Cell> missing)
      throws IOException {
    List<String> rates = comparison.learningRates();
    if (rates.size() == 1) {
      return rates.getFirst();
    }
    Map<String, Double> scores = new LinkedHashMap<>();
    for (String rate : rates) {
      double sum = 0;
      for (long seed : comparison.tuningSeeds()) {
        Cell cell = new Cell(method, method.tunedFor(strength), rate, seed);
        sum +=
            missing.contains(cell)
                ? Double.NEGATIVE_INFINITY
                : ReportWriter.read(runs.folder(cell).resolve("report.json")).aes();
      }
      scores.put(rate, sum);
    }
    String best = rates.getFirst();
    for (String rate : rates) {
      int order = Double.compare(scores.get(rate), scores.get(best));
      boolean isLower = Double.parseDouble(rate) < Double.parseDouble(best);
      if (order > 0 || (order == 0 && isLower)) {
        best = rate;
      }
    }
    return best;
  }

  private void report(Comparison comparison, List<Cell> cells, CellRuns runs) throws IOException {
    if (cells.isEmpty()) {
      return;
    }
    List<ComparedRun> compared = new ArrayList<>();
    List<String> levels = levels(comparison, cells.getFirst());
    for (Cell cell : cells) {
      compared.add(
          ComparedRun.read(
              cell.method().name(),
              cell.shownStrength(),
              Double.parseDouble(cell.learningRate()),
              cell.seed(),
              runs.folder(cell),
              levels));
    }
    ComparisonReport.write(out, comparison.title(), compared);
    PrintWriter console = spec.commandLine().getOut();
    console.print(Files.readString(out.resolve("comparison.md")));
    console.flush();
    say("report: " + out.resolve("comparison.html"));
  }

  /** How difficult the evaluated problems are, in their order. */
  private static List<String> levels(Comparison comparison, Cell cell) {
    if (comparison.level().isEmpty()) {
      return List.of();
    }
    RunConfig config = cell.configuration(comparison.base());
    List<Problem> problems = ProblemFile.read(config.data().heldout()).problems();
    int evaluated = Math.min(config.evaluation().problems(), problems.size());
    return problems.subList(0, evaluated).stream()
        .map(problem -> problem.metadata().getOrDefault(comparison.level().get(), "?"))
        .toList();
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
