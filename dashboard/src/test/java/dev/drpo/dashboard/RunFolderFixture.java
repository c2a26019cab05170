package dev.drpo.dashboard;

import dev.drpo.reports.samples.SampleGroup;
import dev.drpo.reports.samples.SampleLog;
import dev.drpo.reports.samples.SampleResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** A run's folder as a learner leaves it, made by hand. */
record RunFolderFixture(Path folder) {
  /** What must be shown as text and do nothing. */
  static final String HOSTILE =
      "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
          + "\u0000\u0007\u001b[31m \u202egnirts desrever \u05e9\u05dc\u05d5\u05dd ";

  static RunFolderFixture in(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("run.yaml"), "preset: quickstart\nobjective:\n  lambda: 0.25\n");
    return new RunFolderFixture(folder);
  }

  Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /** A line of a run that gets better: its accuracy is 0.5 at first. */
  static String line(long step) {
    double progress = 1 - Math.exp(-step / 20.0);
    return String.format(
        Locale.ROOT,
        "{\"step\":%d,\"accuracy\":%.4f,\"meanLength\":%.2f,\"meanLengthCorrect\":%.2f,"
            + "\"meanLengthWrong\":null,\"meanLengthEnded\":%.2f,\"positives\":%d,\"negatives\":%d,"
            + "\"mixedGroups\":4,\"truncated\":1,\"klAfter\":%.6f,\"klHinge\":%s,\"entropy\":0.4,"
            + "\"gradientNorm\":0.8,\"skippedUpdates\":0,\"policyLag\":0.5,\"policyLagMax\":1,"
            + "\"logProbabilityGapKl\":1.0e-12,\"logProbabilityGapKlP99\":3.0e-12,"
            + "\"rolloutSeconds\":2.5,\"learnSeconds\":1.5,\"tokensPerSecond\":4100.5,"
            + "\"rightPushedDown\":0,\"groupsDigest\":\"aa\",\"solveRates\":[1,0,4,3],"
            + "\"lengthBins\":[1,2,4,8,16],\"lengthsCorrect\":[0,0,3,9,4],"
            + "\"lengthsWrong\":[0,0,1,1,6]}\n",
        step,
        0.5 + 0.45 * progress,
        100 - 60 * progress,
        95 - 60 * progress,
        90 - 60 * progress,
        16 + step,
        8,
        1e-3 * progress,
        step % 5 == 0 ? "1.0e-4" : "0.0");
  }

  RunFolderFixture steps(long from, long to) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (long step = from; step <= to; step++) {
      lines.append(line(step));
    }
    Files.writeString(metrics(), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return this;
  }

  RunFolderFixture evaluations() throws IOException {
    String evaluation =
        "{\"step\":%d,\"evaluation\":{\"accuracy\":%s,\"meanLength\":%s,\"samples\":40}}\n";
    Files.writeString(
        folder.resolve("evaluations.jsonl"),
        evaluation.formatted(0, "0.52", "98.0") + evaluation.formatted(20, "0.81", "60.5"),
        StandardCharsets.UTF_8);
    return this;
  }

  RunFolderFixture samples(long step) throws IOException {
    SampleLog.open(folder, step, 1 << 20)
        .write(
            step,
            List.of(
                new SampleGroup(
                    step,
                    "sum-1",
                    "What is 3 + 4? " + HOSTILE,
                    "rollout-1",
                    1_700_000_000_000L,
                    List.of("7"),
                    2,
                    1,
                    List.of(
                        response(0, true, 12, 0.5, "three and four is 7"),
                        response(1, false, 8000, -0.25, HOSTILE + "word ".repeat(8000))))));
    return this;
  }

  private static SampleResponse response(
      int sample, boolean right, int tokens, double weight, String text) {
    return new SampleResponse(
        sample,
        right,
        right ? "equal" : "not equal",
        "integer.equal",
        right ? 1 : 0,
        right ? "7" : HOSTILE,
        right ? "7" : "8",
        "7",
        tokens,
        !right,
        weight,
        List.of(3L),
        text);
  }
}
