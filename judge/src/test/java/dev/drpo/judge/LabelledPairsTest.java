package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.selftest.LabelledPair;
import dev.drpo.judge.selftest.LabelledSet;
import dev.drpo.judge.selftest.SelfTest;
import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The labelled pairs; the README beside them says how to read them. */
class LabelledPairsTest {
  private static final Path FOLDER = Path.of("src/main/resources/dev/drpo/judge/labelled");

  private final Judge judge = new Judge(Limits.DEFAULT);

  private static List<LabelledPair> all() {
    return LabelledSet.forms().stream().flatMap(form -> LabelledSet.pairs(form).stream()).toList();
  }

  @Test
  void everyFileIsAForm() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".tsv"))
          .containsExactlyInAnyOrderElementsOf(
              LabelledSet.forms().stream().map(form -> form + ".tsv").toList());
    }
  }

  @Test
  void everyPairIsJudgedAsLabelled() {
    assertThat(new SelfTest(judge).run())
        .allSatisfy(result -> assertThat(result.wrong()).as(result.form()).isEmpty());
  }

  @Test
  void thereAreEnoughPairsOfEitherKind() {
    List<LabelledPair> all = all();
    assertThat(all).hasSizeGreaterThan(3400).doesNotHaveDuplicates();
    assertThat(all).filteredOn(pair -> pair.verdict() == Outcome.EQUAL).hasSizeGreaterThan(1500);
    assertThat(all)
        .filteredOn(pair -> pair.verdict() == Outcome.NOT_EQUAL)
        .hasSizeGreaterThan(1000);
    assertThat(all).allMatch(pair -> !pair.reason().isBlank());
  }

  /** Verdicts and rules of all pairs. New pairs change the digest, too, and need no new version. */
  @Test
  void theVersionIsRaisedWithTheVerdicts() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (LabelledPair pair : all()) {
      Verdict verdict = judge.compare(pair.gold(), pair.answer(), pair.conventions());
      String line = pair + " " + Outcome.of(verdict) + " " + verdict.evidence().rule().id() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Judge.VERSION + " " + HexFormat.of().formatHex(digest.digest(), 0, 8))
        .as("if a pair that was there is judged otherwise, raise Judge.VERSION; then put this here")
        .isEqualTo("2 9916c572b60304a1");
  }
}
