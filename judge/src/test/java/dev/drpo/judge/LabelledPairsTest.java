package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The labelled pairs under {@code labelled/}; its README says how to read them. */
class LabelledPairsTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/drpo/judge/labelled");

  private final Judge judge = new Judge(Limits.DEFAULT);

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".tsv")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyPairIsJudgedAsLabelled(Path file) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Pair pair : pairs(file)) {
      check(pair, pair.gold(), pair.answer(), wrong);
      if (!pair.oneWay()) {
        check(pair, pair.answer(), pair.gold(), wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void thereAreEnoughPairsOfEitherKind() throws IOException {
    List<Pair> all = new ArrayList<>();
    for (Path file : files().toList()) {
      all.addAll(pairs(file));
    }
    assertThat(all).hasSizeGreaterThan(1500).doesNotHaveDuplicates();
    assertThat(all).filteredOn(pair -> pair.verdict().equals("EQUAL")).hasSizeGreaterThan(700);
    assertThat(all).filteredOn(pair -> pair.verdict().equals("NOT_EQUAL")).hasSizeGreaterThan(700);
    assertThat(all).allMatch(pair -> !pair.reason().isBlank());
  }

  /** Verdicts and rules of all pairs. New pairs change the digest, too, and need no new version. */
  @Test
  void theVersionIsRaisedWithTheVerdicts() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Path file : files().toList()) {
      for (Pair pair : pairs(file)) {
        Verdict verdict = judge.compare(pair.gold(), pair.answer(), pair.conventions());
        String line = pair + " " + name(verdict) + " " + verdict.evidence().rule().id() + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThat(Judge.VERSION + " " + HexFormat.of().formatHex(digest.digest(), 0, 8))
        .as("if a pair that was there is judged otherwise, raise Judge.VERSION; then put this here")
        .isEqualTo("2 3bd7a4fc8bcf242b");
  }

  private void check(Pair pair, String gold, String answer, List<String> wrong) {
    Verdict verdict = judge.compare(gold, answer, pair.conventions());
    if (!name(verdict).equals(pair.verdict())) {
      wrong.add("%s against %s: %s, but %s".formatted(gold, answer, pair, verdict));
    }
  }

  private static String name(Verdict verdict) {
    return verdict
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toUpperCase(Locale.ROOT);
  }

  private static List<Pair> pairs(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
        .filter(line -> !line.startsWith("# "))
        .map(Pair::parse)
        .toList();
  }

  private record Pair(
      String verdict,
      boolean oneWay,
      String gold,
      String answer,
      Conventions conventions,
      String reason) {
    static Pair parse(String line) {
      String[] columns = line.split("\t", -1);
      assertThat(columns).as(line).hasSize(5);
      boolean oneWay = columns[0].endsWith(">");
      Map<String, String> named =
          columns[3].isEmpty()
              ? Map.of()
              : Arrays.stream(columns[3].split(" "))
                  .map(convention -> convention.split("="))
                  .collect(
                      Collectors.toMap(convention -> convention[0], convention -> convention[1]));
      return new Pair(
          columns[0].replace(">", ""),
          oneWay,
          columns[1],
          columns[2],
          Conventions.DEFAULT.with(named),
          columns[4]);
    }
  }
}
