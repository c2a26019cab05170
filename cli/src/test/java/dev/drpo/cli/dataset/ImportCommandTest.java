package dev.drpo.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import dev.drpo.problems.ProblemFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  private static final String PAPER =
      "Let's think step by step and output the final answer within \\boxed{}.";

  @TempDir Path folder;
  private final Dataset dataset = new Dataset();
  private Path out;

  @BeforeEach
  void nameTheOutput() {
    out = folder.resolve("out.jsonl");
  }

  @Test
  void parquetConversationsKeepTheirMessagesAndSeveralGolds() throws IOException {
    List<Problem> problems = imported(Dataset.resource("conversations.parquet", folder));

    assertThat(problems)
        .containsExactly(
            new Problem(
                "conversations-0",
                List.of(user("What is 1/2 of 8? " + PAPER)),
                List.of("4"),
                Map.of(
                    "ability", "math", "reward_model.style", "rule", "extra_info.split", "test")),
            new Problem(
                "conversations-1",
                List.of(new ChatMessage("system", "Be brief."), user("Which x solve x^2 = 4?")),
                List.of("2", "-2"),
                Map.of(
                    "ability", "math", "reward_model.style", "rule", "extra_info.split", "test")));
    assertThat(dataset.err())
        .contains("3 rows (Parquet); problem in prompt, answer in reward_model.ground_truth")
        .contains("1  empty-gold")
        .contains("conversations-2")
        .contains("wrote 2 problems");
  }

  @Test
  void wholeNumbersOfParquetAreWrittenWithoutFraction() throws IOException {
    List<Problem> problems = imported(Dataset.resource("table.parquet", folder));

    assertThat(problems).extracting(Problem::id).containsExactly("table-1", "table-2");
    assertThat(problems).extracting(Problem::golds).containsExactly(List.of("142"), List.of("0.5"));
    assertThat(dataset.err()).contains("empty-gold", "table-3");
  }

  @Test
  void jsonAnswersAreTextsNumbersAndLists() throws IOException {
    List<Problem> problems =
        imported(
            source(
                "mixed.json",
                """
                [{"problem": "p0", "answer": " 025 ", "difficulty": 2.0, "solution": "%s"},
                 {"problem": "p1", "answer": 142.0},
                 {"problem": "p2", "answer": 0.50},
                 {"problem": "p3", "answer": 12345678901234567890123},
                 {"problem": "p4", "answer": 5e-05},
                 {"problem": "p5", "answer": ["1", 2, "1", " "]},
                 {"problem": "p6", "answer": null},
                 {"problem": "p7", "answer": ""},
                 {"problem": "p8"},
                 {"problem": "p9", "answer": NaN},
                 {"problem": " ", "answer": "1"}]
                """
                    .formatted("long ".repeat(50))));

    assertThat(problems)
        .extracting(Problem::id, Problem::golds)
        .containsExactly(
            tuple("mixed-0", List.of("025")),
            tuple("mixed-1", List.of("142")),
            tuple("mixed-2", List.of("0.50")),
            tuple("mixed-3", List.of("12345678901234567890123")),
            tuple("mixed-4", List.of("0.00005")),
            tuple("mixed-5", List.of("1", "2")));
    assertThat(problems.getFirst().metadata()).isEqualTo(Map.of("difficulty", "2"));
    assertThat(problems.getFirst().messages()).containsExactly(user("p0 " + PAPER));
    assertThat(dataset.err()).contains("4  empty-gold").contains("1  empty-problem");
  }

  @Test
  void aSetsNameIsWrittenIntoEveryProblem() throws IOException {
    List<Problem> problems =
        imported(
            source("aime.jsonl", "{\"problem\": \"p\", \"answer\": 1, \"year\": 2024}\n"),
            "--set",
            "aime24");
    assertThat(problems.getFirst().metadata()).isEqualTo(Map.of("year", "2024", "set", "aime24"));
  }

  @Test
  void jsonLinesInGsm8ksFormGiveTheAnswerBehindTheMark() throws IOException {
    List<Problem> problems =
        imported(
            source(
                "gsm8k.jsonl",
                """
                {"question": "Natalia sold 48 clips.", "answer": "48/2 = <<48/2=24>>24\\n#### 72"}

                {"question": "Weng earns 12.", "answer": "#### 1,000"}
                """));

    assertThat(problems)
        .extracting(Problem::golds)
        .containsExactly(List.of("72"), List.of("1,000"));
  }

  @Test
  void aWorkedSolutionGivesItsLastBox() throws IOException {
    List<Problem> problems =
        imported(
            source(
                "math.jsonl",
                """
                {"problem": "p", "solution": "First \\\\boxed{1}, so \\\\boxed{\\\\frac{1}{2}}."}
                {"problem": "q", "solution": "No box."}
                """));

    assertThat(problems).extracting(Problem::golds).containsExactly(List.of("\\frac{1}{2}"));
    assertThat(dataset.err()).contains("1  empty-gold");
  }

  @Test
  void csvIsReadWithQuotesAndItsOwnColumnNames() throws IOException {
    List<Problem> problems =
        imported(
            source(
                "sheet.csv",
                "\uFEFFTask,Result,Key\n\"Add 1, 2\nand 3.\",6,k-1\n\"Say \"\"a\"\"\",a,\n"),
            "--problem-field",
            "Task",
            "--answer-field",
            "Result",
            "--id-field",
            "Key");

    assertThat(problems).extracting(Problem::id).containsExactly("k-1", "sheet-1");
    assertThat(problems.getFirst().messages()).containsExactly(user("Add 1, 2\nand 3. " + PAPER));
    assertThat(problems.getLast().golds()).containsExactly("a");
  }

  @Test
  void anImportedFileIsASourceThatStaysTheSame() throws IOException {
    imported(Dataset.resource("conversations.parquet", folder));

    Path again = folder.resolve("again.jsonl");
    assertThat(dataset.run("import", out, "--out", again)).isEqualTo(ExitCode.OK);

    assertThat(again).hasSameTextualContentAs(out, StandardCharsets.UTF_8);
  }

  @Test
  void suffixAndSystemMessageAreChosenFreely() throws IOException {
    Path conversations = Dataset.resource("conversations.parquet", folder);
    List<Problem> problems = imported(conversations, "--suffix", "r1", "--system", "Think.");
    assertThat(problems.getLast().messages())
        .containsExactly(
            new ChatMessage("system", "Think."),
            user(
                "Which x solve x^2 = 4? Please reason step by step, and put your final answer"
                    + " within \\boxed{}."));

    Path bare = source("bare.json", "[{\"problem\": \"p\", \"answer\": \"1\"}]");
    assertThat(imported(bare, "--force", "--suffix", "none").getFirst().messages())
        .containsExactly(user("p"));
    assertThat(imported(bare, "--force", "--suffix", "Box the result.").getFirst().messages())
        .containsExactly(user("p Box the result."));
  }

  @Test
  void aSuffixThatTheSourceHasIsNotSaidTwice() throws IOException {
    List<Problem> problems =
        imported(Dataset.resource("conversations.parquet", folder), "--suffix", "paper");

    assertThat(problems)
        .extracting(problem -> problem.messages().getLast())
        .containsExactly(
            user("What is 1/2 of 8? " + PAPER), user("Which x solve x^2 = 4? " + PAPER));
  }

  @Test
  void overlapDuplicatesLongPromptsAndTheRestAreCountedAndListed() throws IOException {
    Path evaluation =
        source("eval.json", "[{\"problem\": \"9 a + 4 b ?\", \"answer\": 13, \"id\": 7}]");
    Path training =
        source(
            "train.json",
            """
            [{"problem": "9 a + 4 b ?", "answer": "13"},
             {"problem": "1 a + 1 b ?", "answer": "2"},
             {"problem": "1 a + 1 b  ?", "answer": "2"},
             {"problem": "1 a + 1 b ?", "answer": "3"},
             {"problem": "1 a + 2 b + 3 c ?", "answer": "6"},
             {"problem": "unspellable", "answer": "0"},
             {"problem": "2 a + 2 b ?", "answer": "4"}]
            """);
    Path listed = folder.resolve("left-out.jsonl");

    List<Problem> problems =
        imported(
            training,
            "--suffix",
            "none",
            "--exclude",
            evaluation,
            "--deduplicate",
            "--max-prompt-tokens",
            "6",
            "--model",
            policy(),
            "--limit",
            "1",
            "--left-out",
            listed);

    assertThat(problems).extracting(Problem::id).containsExactly("train-1");
    assertThat(Files.readAllLines(listed))
        .satisfiesExactly(
            line -> assertThat(line).contains("train-0", "in-evaluation-set", "eval-7 of "),
            line -> assertThat(line).contains("train-2", "\"duplicate\"", "as train-1"),
            line -> assertThat(line).contains("train-3", "duplicate-with-other-gold", "3 here, 2"),
            line -> assertThat(line).contains("train-4", "prompt-too-long", "9 tokens"),
            line -> assertThat(line).contains("train-5", "prompt-refused"),
            line -> assertThat(line).contains("train-6", "beyond-limit"));
    assertThat(dataset.err())
        .contains("1  in-evaluation-set", "1  prompt-too-long", "conflict  train-3: 3 here");
  }

  @Test
  void aSplitGoesToFilesOfTheirOwn() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append("{\"problem\": \"What is %d + 1?\", \"answer\": %d}%n".formatted(i, i + 1));
    }

    List<Problem> rest =
        imported(
            source("sums.jsonl", rows.toString()),
            "--sample",
            "20",
            "--split",
            "heldout=0.25",
            "--seed",
            "3");

    List<Problem> heldOut = ProblemFile.read(folder.resolve("out-heldout.jsonl")).problems();
    assertThat(rest).hasSize(15);
    assertThat(heldOut).hasSize(5).doesNotContainAnyElementsOf(rest);
    assertThat(dataset.err()).contains("20  not-sampled");
  }

  private List<Problem> imported(Path source, Object... options) {
    Object[] arguments = new Object[options.length + 4];
    arguments[0] = "import";
    arguments[1] = source;
    arguments[2] = "--out";
    arguments[3] = out;
    System.arraycopy(options, 0, arguments, 4, options.length);
    assertThat(dataset.run(arguments)).as(dataset.err()).isEqualTo(ExitCode.OK);
    return ProblemFile.read(out).problems();
  }

  private Path source(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Path policy() {
    return Path.of(System.getProperty("drpo.root"), "datasets", "quickstart", "policy");
  }

  private static ChatMessage user(String text) {
    return new ChatMessage("user", text);
  }
}
