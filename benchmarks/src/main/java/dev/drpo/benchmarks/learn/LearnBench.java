package dev.drpo.benchmarks.learn;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.drpo.benchmarks.learn.LearnCase.Trainer;
import dev.drpo.benchmarks.machine.Target;
import dev.drpo.runtime.process.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Measures learning: speed on a small policy, against the same written with the tensor library
 * alone, and memory with the vocabulary of a real one.
 *
 * @param steps of each speed measurement, of which the fastest counts
 */
public record LearnBench(int steps) {
  private static final int LARGE_VOCABULARY = 151_936;
  private static final int LARGE_STEPS = 2;
  private static final int HEAP_MEBIBYTES = 512;
  private static final double MEBIBYTE = 1 << 20;

  /** How many times the eager trainer's speed, and how much of its memory, are aimed at. */
  private static final Target SPEED = new Target.AtLeast(1.3);

  private static final Target MEMORY = new Target.AtMost(0.5);

  /** A case and what came out. */
  public record Row(LearnCase measured, LearnProcess.Figures figures) {
    double tokensPerSecond() {
      return measured.sequences() * measured.tokens() / figures.stepSeconds();
    }

    double fractionOfLimit() {
      return measured.flops() / figures.stepSeconds() / (figures.sgemmGflops() * 1e9);
    }

    double peakMebibytes() {
      return figures.peakBytes() / MEBIBYTE;
    }
  }

  public static List<LearnCase> cases() {
    List<LearnCase> cases = new ArrayList<>();
    for (int threads = 1; threads <= 2; threads++) {
      cases.add(LearnCase.of(Trainer.EAGER, 16, 256, threads));
      cases.add(LearnCase.of(Trainer.FLOAT32, 16, 256, threads));
      cases.add(LearnCase.of(Trainer.FLOAT32, 16, 256, threads).withSharedPrompt());
      cases.add(LearnCase.of(Trainer.BFLOAT16, 16, 256, threads));
      cases.add(LearnCase.of(Trainer.EAGER, 32, 512, threads));
      cases.add(LearnCase.of(Trainer.FLOAT32, 32, 512, threads));
      cases.add(LearnCase.of(Trainer.FLOAT32, 32, 512, threads).withSharedPrompt());
    }
    cases.add(large(Trainer.EAGER, false, false));
    cases.add(large(Trainer.FLOAT32, false, false));
    cases.add(large(Trainer.FLOAT32, true, false));
    cases.add(large(Trainer.FLOAT32, false, true));
    cases.add(large(Trainer.FLOAT32, true, true));
    return cases;
  }

  private static LearnCase large(
      Trainer trainer, boolean gradientCheckpointing, boolean chunkedHead) {
    return new LearnCase(
        trainer, 16, 256, false, LARGE_VOCABULARY, 1, gradientCheckpointing, chunkedHead);
  }

  /** Runs cases, each in a process of its own. */
  public List<Row> run(List<LearnCase> cases, Consumer<String> progress)
      throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (LearnCase measured : cases) {
      progress.accept(
          "measuring %d of %d: %s".formatted(rows.size() + 1, cases.size(), describe(measured)));
      rows.add(new Row(measured, measure(measured)));
    }
    return rows;
  }

  private LearnProcess.Figures measure(LearnCase measured)
      throws IOException, InterruptedException {
    List<String> program = new ArrayList<>();
    program.addAll(List.of("-cp", System.getProperty("java.class.path")));
    program.add(LearnProcess.class.getName());
    program.addAll(List.of(measured.words()));
    program.add(Integer.toString(measured.vocabulary() == LARGE_VOCABULARY ? LARGE_STEPS : steps));
    Path log = Files.createTempFile("drpo-bench-learn", ".log");
    Process process =
        new ProcessBuilder(new JavaCommand(HEAP_MEBIBYTES, program).words())
            .redirectError(log.toFile())
            .start();
    try {
      String line;
      try (var out = process.inputReader(StandardCharsets.UTF_8)) {
        line = out.readLine();
      }
      if (process.waitFor() != 0 || line == null) {
        throw new IOException(
            "the measurement of "
                + describe(measured)
                + " failed: "
                + Files.readString(log).strip().lines().reduce("", (_, last) -> last));
      }
      return LearnProcess.Figures.parse(line);
    } finally {
      process.destroyForcibly();
      Files.delete(log);
    }
  }

  /** The figures as a table. */
  public static List<String> table(List<Row> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-52s %9s %12s %9s %9s  %s"
            .formatted("", "tokens/s", "of the limit", "peak MiB", "vs eager", "target"));
    for (Row row : rows) {
      Row eager = eagerOf(row, rows);
      boolean large = row.measured().vocabulary() == LARGE_VOCABULARY;
      double ratio =
          large
              ? row.peakMebibytes() / eager.peakMebibytes()
              : row.tokensPerSecond() / eager.tokensPerSecond();
      lines.add(
          String.format(
                  Locale.ROOT,
                  "%-52s %,9.0f %11.0f%% %,9.0f %9s  %s",
                  describe(row.measured()),
                  row.tokensPerSecond(),
                  100 * row.fractionOfLimit(),
                  row.peakMebibytes(),
                  eager == row ? "" : String.format(Locale.ROOT, "%.2f", ratio),
                  eager == row ? "" : verdict(ratio, large ? MEMORY : SPEED))
              .stripTrailing());
    }
    return lines;
  }

  private static String verdict(double ratio, Target target) {
    String met = target.isMetBy(ratio) ? "met" : "missed";
    return switch (target) {
      case Target.AtLeast(double bound) ->
          String.format(Locale.ROOT, "speed at least %.1f times: %s", bound, met);
      case Target.AtMost(double bound) ->
          String.format(Locale.ROOT, "memory at most %.1f times: %s", bound, met);
    };
  }

  private static Row eagerOf(Row row, List<Row> rows) {
    return rows.stream()
        .filter(
            other ->
                other.measured().trainer() == Trainer.EAGER
                    && other.measured().sequences() == row.measured().sequences()
                    && other.measured().vocabulary() == row.measured().vocabulary()
                    && other.measured().threads() == row.measured().threads())
        .findFirst()
        .orElse(row);
  }

  private static String describe(LearnCase measured) {
    StringBuilder text = new StringBuilder();
    text.append(measured.sequences()).append(" x ").append(measured.tokens());
    text.append(", ")
        .append(measured.threads())
        .append(measured.threads() == 1 ? " thread" : " threads");
    text.append(", ").append(measured.trainer().name().toLowerCase(Locale.ROOT));
    if (measured.sharedPrompt()) {
      text.append(", shared prompt");
    }
    if (measured.vocabulary() == LARGE_VOCABULARY && measured.trainer() != Trainer.EAGER) {
      text.append(measured.chunkedHead() ? ", chunked" : ", full").append(" head");
      text.append(measured.gradientCheckpointing() ? ", gradient checkpointing" : "");
    }
    return text.toString();
  }

  /** Writes the figures as JSON. */
  public static void write(List<Row> rows, Path file) throws IOException {
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(Files.newBufferedWriter(file))
            .useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField(
          "sgemmGflops",
          rows.stream()
              .filter(row -> row.measured().threads() == 1)
              .mapToDouble(row -> row.figures().sgemmGflops())
              .max()
              .orElse(Double.NaN));
      json.writeArrayFieldStart("rows");
      for (Row row : rows) {
        LearnCase measured = row.measured();
        json.writeStartObject();
        json.writeStringField("trainer", measured.trainer().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("sequences", measured.sequences());
        json.writeNumberField("tokens", measured.tokens());
        json.writeBooleanField("sharedPrompt", measured.sharedPrompt());
        json.writeNumberField("vocabulary", measured.vocabulary());
        json.writeNumberField("threads", measured.threads());
        json.writeNumberField("tokensPerSecond", row.tokensPerSecond());
        json.writeNumberField("fractionOfLimit", row.fractionOfLimit());
        json.writeNumberField("peakResidentMiB", row.peakMebibytes());
        json.writeBooleanField("gradientCheckpointing", measured.gradientCheckpointing());
        json.writeBooleanField("chunkedHead", measured.chunkedHead());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
