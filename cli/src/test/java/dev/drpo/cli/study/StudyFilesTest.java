package dev.drpo.cli.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.problems.Problem;
import dev.drpo.problems.ProblemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StudyFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void theShippedFilesAreThoseOfTheCommand() throws IOException {
    new StudyFiles(Variant.SEARCH, 0.85, 0).writeProblems(folder);
    Path shipped = Path.of(System.getProperty("drpo.root"), "datasets/study/search");
    for (String name : List.of("train.jsonl", "heldout.jsonl")) {
      assertThat(folder.resolve(name)).hasSameBinaryContentAs(shipped.resolve(name));
    }
  }

  @ParameterizedTest
  @EnumSource
  void noHeldOutProblemIsTrainedOnAndTheFirstCandidateIsAsOftenRightAsAskedFor(Variant variant)
      throws IOException {
    new StudyFiles(variant, 0.7, 5).writeProblems(folder);
    List<Problem> train = ProblemFile.read(folder.resolve("train.jsonl")).problems();
    List<Problem> heldOut = ProblemFile.read(folder.resolve("heldout.jsonl")).problems();
    Set<String> trained = train.stream().map(Problem::id).collect(Collectors.toSet());
    assertThat(train).hasSize(StudyFiles.TRAIN);
    assertThat(heldOut).hasSize(StudyFiles.HELD_OUT).noneMatch(one -> trained.contains(one.id()));
    double first =
        train.stream().filter(one -> one.metadata().get("level").equals("0")).count()
            / (double) train.size();
    // Four standard errors of 4,000 draws.
    assertThat(first).isBetween(0.67, 0.73);
  }

  /** By trying every residue, which knows nothing of candidates. */
  @ParameterizedTest
  @EnumSource
  void aProblemHasOneRootAmongItsCandidates(Variant variant) {
    SearchGenerator generator = new SearchGenerator(variant, 0.5, true, new Random(3));
    for (int i = 0; i < 500; i++) {
      SearchProblem problem = generator.next(i % 2 == 0);
      List<Integer> roots = new ArrayList<>();
      for (int x = 0; x < SearchProblem.MODULUS; x++) {
        if ((problem.a() * x + problem.b()) % SearchProblem.MODULUS == problem.c()) {
          roots.add(x);
        }
      }
      assertThat(roots).containsExactly(problem.root());
      assertThat(problem.candidates()).doesNotHaveDuplicates().contains(problem.root());
      assertThat(problem.isHeldOut()).isEqualTo(i % 2 == 0);
    }
  }

  @Test
  void onlyGuessesAreWrong() {
    Random random = new Random(4);
    SearchGenerator problems = new SearchGenerator(Variant.SEARCH, 0.6, true, random);
    SearchTraces traces = new SearchTraces(random);
    int wrong = 0;
    for (int i = 0; i < 2_000; i++) {
      SearchProblem problem = problems.next(false);
      String trace = traces.write(problem);
      boolean right = trace.endsWith("\\boxed{ %d }".formatted(problem.answer()));
      wrong += right ? 0 : 1;
      assertThat(right || trace.contains("guess")).as(trace).isTrue();
      assertThat(traces.plainTour(problem))
          .endsWith("\\boxed{ %d }".formatted(problem.answer()))
          .contains("yes");
    }
    assertThat(wrong).isBetween(200, 600);
  }

  @ParameterizedTest
  @EnumSource
  void thePolicyKnowsEveryWordAndItsBudgetFitsEveryTrace(Variant variant) throws IOException {
    new StudyFiles(variant, 0.85, 0).writeWarmStart(folder);
    JsonNode words =
        JSON.readTree(folder.resolve("policy/tokenizer.json").toFile()).at("/model/vocab");
    for (String name : List.of("tours.jsonl", "traces.jsonl", "heldout-traces.jsonl")) {
      for (String line : Files.readAllLines(folder.resolve(name))) {
        JsonNode messages = JSON.readTree(line).path("messages");
        for (JsonNode message : messages) {
          String[] text = message.path("content").asText().split(" ");
          assertThat(text).allMatch(words::has);
          assertThat(text).hasSizeLessThan(StudyFiles.BUDGET);
        }
      }
    }
  }
}
