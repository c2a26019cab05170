package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.convention.Profile;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.selftest.SelfTest;
import dev.drpo.judge.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document for users says what the judge does. */
class JudgingDocumentTest {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private final Judge judge = new Judge(Limits.DEFAULT);

  @Test
  void everyExampleOfAFormCanBeRead() throws IOException {
    List<String> examples = new ArrayList<>();
    for (List<String> row : table("| form |")) {
      if (!row.getFirst().equals("matrices")) {
        examples.addAll(codes(row.getLast()));
      }
    }
    assertThat(examples).hasSizeGreaterThan(50);
    assertThat(examples)
        .allSatisfy(
            example ->
                assertThat(judge.compare("\\text{no such answer}", example, Conventions.DEFAULT))
                    .isInstanceOf(Verdict.NotEqual.class));
  }

  @Test
  void everyConventionIsListedWithItsDefault() throws IOException {
    List<String> listed = new ArrayList<>();
    for (List<String> row : table("| convention |")) {
      listed.add(codes(row.get(0)).getFirst() + "=" + codes(row.get(1)).getFirst());
    }
    assertThat(listed).containsExactlyInAnyOrder(Conventions.DEFAULT.toString().split(" "));
  }

  @Test
  void everyProfileIsListedWithWhatItChanges() throws IOException {
    Map<String, List<String>> listed = new LinkedHashMap<>();
    for (List<String> row : table("| profile |")) {
      listed.put(codes(row.get(0)).getFirst(), codes(row.get(1)));
    }
    Map<String, List<String>> profiles = new LinkedHashMap<>();
    for (Profile profile : Profile.values()) {
      profiles.put(
          profile.id(),
          profile.options().stream()
              .map(option -> option.convention().id() + "=" + option.id())
              .toList());
    }
    assertThat(listed).isEqualTo(profiles);
  }

  @Test
  void theTableOfTheSelfTestIsTheOneThatItPrints() throws IOException {
    List<List<String>> rows = table("| form | equal |");
    List<SelfTest.Result> results = new SelfTest(judge).run();
    assertThat(rows).hasSize(results.size() + 1);
    for (int i = 0; i < results.size(); i++) {
      SelfTest.Result result = results.get(i);
      assertThat(rows.get(i))
          .containsExactly(
              result.form(), told(result.equal()), told(result.unequal()), told(result.refused()));
    }
  }

  private static String told(SelfTest.Score score) {
    return score.all() == 0 ? "" : score.right() + " of " + score.all();
  }

  /** The cells of the rows below a header, two lines on. */
  private static List<List<String>> table(String header) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../docs/judging.md"));
    int line = 0;
    while (!lines.get(line).startsWith(header)) {
      line++;
    }
    List<List<String>> rows = new ArrayList<>();
    for (line += 2; line < lines.size() && lines.get(line).startsWith("|"); line++) {
      String inside = lines.get(line).replace("\\|", "\u0001");
      List<String> cells = new ArrayList<>();
      for (String cell : inside.substring(1, inside.length() - 1).split("\\|", -1)) {
        cells.add(cell.strip().replace('\u0001', '|'));
      }
      rows.add(cells);
    }
    return rows;
  }

  private static List<String> codes(String cell) {
    List<String> codes = new ArrayList<>();
    for (Matcher matcher = CODE.matcher(cell); matcher.find(); ) {
      codes.add(matcher.group(1));
    }
    return codes;
  }
}
