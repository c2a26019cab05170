package dev.drpo.cli.judge;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineSource;
import dev.drpo.cli.lines.LinesFile;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.selftest.SelfTest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo judge}: JSON lines in, verdicts out; or one pair, explained. */
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    description = {
      "Judge mathematical answers, with the reward service's judge in this process.",
      "",
      "Read JSON lines: {\"id\", \"gold\", \"response\"}; \"golds\" holds several right answers,"
          + " \"answer\" a bare answer without box and reasoning. Other keys are ignored.",
      "Write a line for each, in the same order: {\"id\", \"verdict\", \"reward\", \"rule\","
          + " \"extracted\", \"normalGold\", \"normalAnswer\", \"steps\"}, or {\"id\", \"line\","
          + " \"error\"} if the line is malformed. A summary goes to stderr.",
      ""
    },
    footer = {
      "",
      "Verdicts: EQUAL (reward 1); NOT_EQUAL, NO_ANSWER, UNPARSEABLE, BUDGET_EXCEEDED, INVALID_GOLD"
          + " (reward 0).",
      "Exit codes: 0 every line was judged, 1 some line was malformed or the input broke off, 2"
          + " wrong options or no such file, 141 the output was closed."
    })
public final class JudgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ConventionChoices choices;

  @Mixin private LinesFile file;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that judge (default: one per core).")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--explain",
      arity = "2",
      paramLabel = "GOLD ANSWER",
      hideParamSyntax = true,
      description = "Take two texts, and show step by step how the pair is decided.")
  private List<String> explained = List.of();

  @Option(names = "--conventions", description = "List the conventions with their options.")
  private boolean listConventions;

  @Option(
      names = "--selftest",
      description =
          "Judge the labelled pairs that ship with the judge, and print how many come out right.")
  private boolean selfTest;

  @Override
  public Integer call() throws IOException {
    refuseContradictions();
    Conventions conventions = choices.conventions();
    if (listConventions) {
      return print(ConventionList.lines());
    }
    Judge judge = new Judge(Limits.DEFAULT);
    if (selfTest) {
      return selfTest(judge);
    }
    if (!explained.isEmpty()) {
      return print(
          ExplanationText.lines(judge.explain(explained.get(0), explained.get(1), conventions)));
    }
    return judgeLines(new LineJudge(judge, conventions));
  }

  private void refuseContradictions() {
    if (explained.size() > 2) {
      throw new UsageError("--explain is given several times; it takes one pair, GOLD and ANSWER");
    }
    if (selfTest && (listConventions || !explained.isEmpty())) {
      throw new UsageError("--selftest is a command of its own; leave the other option out");
    }
    if (file.given().isPresent() && (listConventions || selfTest || !explained.isEmpty())) {
      String command = listConventions ? "--conventions" : selfTest ? "--selftest" : "--explain";
      throw new UsageError("%s reads no file; leave %s out".formatted(command, file.given().get()));
    }
    if (listConventions && !explained.isEmpty()) {
      throw new UsageError("--conventions and --explain are two commands; give one of them");
    }
    if (threads.isPresent() && threads.get() < 1) {
      throw new UsageError("--threads is " + threads.get() + "; it must be 1 or more");
    }
  }

  private int selfTest(Judge judge) {
    List<SelfTest.Result> results = new SelfTest(judge).run();
    print(SelfTestTable.lines(results));
    boolean right = results.stream().allMatch(result -> result.wrong().isEmpty());
    return right ? ExitCode.OK : ExitCode.FAILED;
  }

  private int print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
    return ExitCode.OK;
  }

  private int judgeLines(LineJudge judge) throws IOException {
    try (LineSource source = file.open()) {
      if (source.isTerminal()) {
        say("drpo: reading JSON lines from the terminal; Ctrl-D ends them");
      }
      return judgeLines(judge, source);
    }
  }

  private int judgeLines(LineJudge judge, LineSource source) {
    // A raw stream: what is written is UTF-8 whatever the locale, and reaches a pipe at once.
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    long start = System.nanoTime();
    try {
      Tally tally =
          JudgeStream.run(
              judge,
              source.stream(),
              out,
              threads.orElseGet(Runtime.getRuntime()::availableProcessors));
      Summary.lines(tally, Duration.ofNanos(System.nanoTime() - start)).forEach(this::say);
      return tally.malformed() == 0 ? ExitCode.OK : ExitCode.FAILED;
    } catch (OutputFailure failure) {
      return failure.exitCode("the verdicts", this::say);
    } catch (IOException failure) {
      say("drpo: %s can't be read to its end: %s".formatted(source.name(), failure.getMessage()));
      return ExitCode.FAILED;
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
