package dev.drpo.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.evaluation.SampleJudge;
import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EvaluationTest {
  private static final int SAMPLES = 4;
  private static final int ALL = Integer.MAX_VALUE;
  private static final SampleJudge JUDGE =
      new SampleJudge(new Judge(Limits.DEFAULT), Conventions.DEFAULT);

  private final List<EvalSet> sets = List.of(Problems.set("one", 6), Problems.set("two", 3));
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void samplesEndUpInTheOrderOfProblemsWhateverTheOrderOfAnswers() throws Exception {
    evaluate(folder, ALL);

    List<String> lines = Files.readAllLines(folder.resolve(SampleLog.FILE));
    assertThat(lines).hasSize(9 * SAMPLES);
    assertThat(lines.get(4))
        .isEqualTo(
            "{\"set\":\"one\",\"id\":\"p-1\",\"sample\":0,\"verdict\":\"EQUAL\",\"rule\":\"identical-text\","
                + "\"extracted\":\"1\",\"length\":2,\"finishReason\":\"stop\","
                + "\"text\":\"é \u2028 </think> \\\\boxed{1}\",\"tokens\":[0,2]}");
    assertThat(lines.get(7)).contains("\"sample\":3", "NOT_EQUAL", "\"finishReason\":\"length\"");
    assertThat(lines.getLast()).contains("\"set\":\"two\",\"id\":\"p-2\",\"sample\":3");
  }

  /** The file of a killed process ends anywhere: within a line, at its end or behind a problem. */
  @Test
  void whereverAProcessIsKilledTheNextGoesOnAndEndsWithTheSameBytes() throws Exception {
    evaluate(folder, ALL);
    byte[] whole = Files.readAllBytes(folder.resolve(SampleLog.FILE));
    int perProblem = whole.length / 9;

    for (int cut = 0; cut < whole.length; cut += 101) {
      Path killed = Files.createDirectories(folder.resolve("cut-" + cut));
      Files.write(killed.resolve(SampleLog.FILE), Arrays.copyOf(whole, cut));

      List<String> asked = evaluate(killed, ALL).asked;

      assertThat(Files.readAllBytes(killed.resolve(SampleLog.FILE))).isEqualTo(whole);
      // Problems that were whole are not asked again.
      assertThat(asked.size()).isBetween(9 - cut / perProblem - 1, 9 - cut / perProblem + 1);
    }
  }

  @Test
  void whatIsCompleteIsNotAskedAgain() throws Exception {
    evaluate(folder, ALL);

    assertThat(evaluate(folder, ALL).asked).isEmpty();
  }

  @Test
  void aFailureKeepsWhatWasAnsweredMeanwhileAndTheNextRunAsksForTheRestAlone() throws Exception {
    assertThatThrownBy(() -> evaluate(folder, 5)).isInstanceOf(ServerFailure.class);
    assertThat(Files.readAllLines(folder.resolve(SampleLog.FILE))).hasSize(5 * SAMPLES);

    assertThat(evaluate(folder, ALL).asked).hasSize(4);
    Path calm = Files.createDirectory(folder.resolve("calm"));
    evaluate(calm, ALL);
    assertThat(folder.resolve(SampleLog.FILE)).hasSameBinaryContentAs(calm.resolve(SampleLog.FILE));
  }

  @Test
  void aLineThatIsBrokenBeforeTheEndIsRefusedWithItsNumber() throws Exception {
    evaluate(folder, ALL);
    Path file = folder.resolve(SampleLog.FILE);
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(9, lines.get(9).substring(3));
    Files.write(file, lines);

    assertThatThrownBy(() -> evaluate(folder, ALL))
        .isInstanceOf(UnusableLog.class)
        .hasMessageContaining("samples.jsonl, line 10 is none of this evaluation's");
    assertThat(Files.readAllLines(file)).isEqualTo(lines);
  }

  @Test
  void linesInAnotherOrderAreRefused() throws Exception {
    evaluate(folder, ALL);
    Path file = folder.resolve(SampleLog.FILE);
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.addFirst(lines.removeLast());
    Files.write(file, lines);

    assertThatThrownBy(() -> evaluate(folder, ALL)).hasMessageContaining("line 1 is none");
  }

  /** The system forgets a process's lock when the process closes any stream of the file. */
  @Test
  void aLogThatIsOpenIsLockedEvenAfterItWasRead() throws Exception {
    evaluate(folder, ALL);
    Path file = folder.resolve(SampleLog.FILE);

    try (SampleLog _ = SampleLog.open(folder, SAMPLES)) {
      String lock = "%d [^ ]*:%s ".formatted(ProcessHandle.current().pid(), inode(file));
      assertThat(Files.readString(Path.of("/proc/locks"))).containsPattern("WRITE " + lock);
      assertThatThrownBy(() -> evaluate(folder, ALL))
          .isInstanceOf(UnusableLog.class)
          .hasMessageContaining("samples.jsonl is being written by another process; wait for it");
    }
    assertThat(evaluate(folder, ALL).asked).isEmpty();
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  @Test
  void progressIsALineForEachTenthWithWhatWasThereBefore() throws Exception {
    assertThatThrownBy(() -> evaluate(folder, 5)).isInstanceOf(ServerFailure.class);
    err.getBuffer().setLength(0);
    evaluate(folder, ALL);

    assertThat(err.toString().lines().toList())
        .hasSize(5)
        .first()
        .isEqualTo("drpo: 5 of 9 problems are answered already");
    assertThat(err.toString()).contains("  9 of 9 problems, accuracy so far 0.500, ");
  }

  private ScriptedRespondent evaluate(Path into, int failAfter)
      throws IOException, InterruptedException {
    try (SampleLog log = SampleLog.open(into, SAMPLES)) {
      EvalProgress progress =
          new EvalProgress(new PrintWriter(err, true), false, 9, System::nanoTime);
      Evaluation evaluation = new Evaluation(sets, log, JUDGE, progress);
      ScriptedRespondent respondent = new ScriptedRespondent(SAMPLES, failAfter, evaluation.left());
      evaluation.run(() -> respondent);
      log.sort(sets);
      return respondent;
    }
  }
}
