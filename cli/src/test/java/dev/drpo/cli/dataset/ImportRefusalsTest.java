package dev.drpo.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportRefusalsTest {
  private static final String GOOD = "{\"problem\": \"p\", \"answer\": \"1\"}";

  @TempDir Path folder;
  private final Dataset dataset = new Dataset();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a.json | {\"problem\": \"p\", \"reply\": \"1\"} | has no field for the answer: it has problem, reply, and needs gold or golds or reward_model.ground_truth or answer",
        "a.json | {\"task\": \"p\", \"answer\": \"1\"} | has no field for the problem: it has task, answer, and needs a list of messages in messages or prompt, or a text in problem",
        "a.json | {\"problem\": \"p\", \"answer\": true} | row 1 of DIR/a.json, field answer is boolean true; an answer is a text, a number or a list of these",
        "a.json | {\"problem\": \"p\", \"answer\": [[\"1\"]]} | field answer is array [\"1\"]; an answer is",
        "a.json | {\"problem\": \"p\", \"answer\": [{\"v\": 1}]} | field answer is object {\"v\":1}; an answer is",
        "a.json | {\"problem\": 7, \"answer\": 1} | field problem is 7; a problem is a text or a list",
        "a.json | {\"prompt\": [{\"role\": \"user\"}], \"answer\": 1} | every message needs a role and a content",
        "a.json | {\"problem\": \"p\", \"answer\": \"\"} | no problem is left, so nothing is written",
        "a.json | [{\"problem\": \"p\", \"answer\": \"1\"}, 2] | line 1: row 2 is no JSON object",
        "a.json | [{\"problem\": \"p\", \"answer\": \"1\"}] x | line 1: it is not JSON",
        "a.json | [{\"problem\": \"p\", \"answer\": \"1\"}] [] | goes on after its array",
        "a.json | {\"problem\": \"p\", \"problem\": \"q\", \"answer\": \"1\"} | it is not JSON: Duplicate field",
        "a.json | [] | holds no row",
        "a.txt  | problem,answer | neither Parquet nor JSON by what it begins with; a CSV file's name has to end in .csv",
        "a.csv  | problem,answer | holds no row",
        "a.parquet | version https://git-lfs.github.com/spec/v1 | only points to a file that Git LFS keeps",
        "a.parquet | PAR1 and nothing more | is no Parquet file that can be read",
      })
  void aSourceThatCannotBeReadIsToldWithItsDefect(String name, String text, String message)
      throws IOException {
    refused(message, Files.writeString(folder.resolve(name), text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--suffix papr | --suffix is 'papr'; it must be paper, r1, none or a sentence",
        "--answer-field reply | --answer-field is reply, which DIR/good.json does not have; its fields"
            + " are problem, answer",
        "--problem-field task | --problem-field is task",
        "--id-field key | --id-field is key",
        "--metadata level | --metadata is level",
        "--number --id-field answer | --number and --id-field exclude each other",
        "--sample 0 | --sample is 0; it must be 1 or more",
        "--limit -1 | --limit is -1; it must be 1 or more",
        "--sample many | '--sample'",
        "--split half | '--split'",
        "--split half=1.5 | --split half is 1.5; a part is above 0 and below 1",
        "--split a=0.5 --split b=0.5 | come to 1 or more",
        "--split a/b=0.5 | --split names the part 'a/b'",
        "--split most=0.1 | out-most.jsonl would have no problem",
        "--max-prompt-tokens 8 | --max-prompt-tokens and --model go together",
        "--max-prompt-tokens 0 --model x | --max-prompt-tokens is 0",
        "--max-prompt-tokens 8 --model no-such | --model is no-such, which is no folder",
        "--exclude no-such.json | no-such.json does not exist",
        "--out DIR/good.json --force | would be written over while it is read",
        "--left-out DIR/good.json --force | would be written over while it is read",
        "--left-out DIR | is a folder",
        "--split twice=0.5 --left-out DIR/out-twice.jsonl | would be written twice",
        "--out DIR/good.json/out.jsonl | can't be written",
        "--seed 7 | --seed draws for --sample and --split",
        "--colour red | Unknown option",
      })
  void anOptionThatCannotBeHonouredIsToldWithWhatIsAllowed(String options, String message)
      throws IOException {
    Path good = Files.writeString(folder.resolve("good.json"), GOOD);
    List<String> words = List.of(options.replace("DIR", folder.toString()).split(" "));
    List<Object> arguments = new ArrayList<>(List.of(good));
    arguments.addAll(words);
    if (words.contains("--out")) {
      assertThat(dataset.run(imported(arguments))).isEqualTo(ExitCode.USAGE);
      assertThat(dataset.err()).contains(message);
    } else {
      refused(message, arguments);
    }
  }

  @Test
  void aFileThatExistsIsReplacedOnlyWhenAskedTo() throws IOException {
    Path good = Files.writeString(folder.resolve("good.json"), GOOD);
    Path out = Files.writeString(folder.resolve("out.jsonl"), "mine");

    assertThat(dataset.run("import", good, "--out", out)).isEqualTo(ExitCode.USAGE);
    assertThat(dataset.err()).contains("out.jsonl exists; name another file, or give --force");
    assertThat(out).hasContent("mine");

    assertThat(dataset.run("import", good, "--out", out, "--force")).isEqualTo(ExitCode.OK);
    assertThat(out).content().contains("good-0");
  }

  @Test
  void idsThatTwoProblemsShareAreRefusedWithTheRemedy() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.json"),
            """
            {"id": "x", "problem": "p", "answer": "1"}
            {"id": "x", "problem": "q", "answer": "2"}
            """);

    refused("two problems have the id x; give --number", file);

    assertThat(dataset.run("import", file, "--number", "--out", folder.resolve("out.jsonl")))
        .isEqualTo(ExitCode.OK);
  }

  @Test
  void bytesThatAreNotTextAreRefused() throws IOException {
    refused(
        "a.json is not UTF-8 text; convert the file",
        Files.write(
            folder.resolve("a.json"),
            "{\"problem\": \"é\", \"answer\": 1}".getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void aDamagedParquetFileGivesNoProblems() throws IOException {
    Path file = Dataset.resource("conversations.parquet", folder);
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4, 120, (byte) 0x55);

    refused("is no Parquet file that can be read", Files.write(file, bytes));
  }

  private void refused(String message, Path source) {
    refused(message, List.of(source));
  }

  private void refused(String message, List<Object> sourceAndOptions) {
    Path out = folder.resolve("out.jsonl");
    List<Object> arguments = new ArrayList<>(sourceAndOptions);
    arguments.addAll(List.of("--out", out));
    assertThat(dataset.run(imported(arguments))).as("%s", arguments).isEqualTo(ExitCode.USAGE);
    assertThat(dataset.err())
        .contains(message.replace("DIR", folder.toString()))
        .doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  private static Object[] imported(List<Object> arguments) {
    List<Object> words = new ArrayList<>(List.of("import"));
    words.addAll(arguments);
    return words.toArray();
  }
}
