package dev.drpo.tracking.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.reports.Evaluation;
import dev.drpo.reports.Glossary;
import dev.drpo.reports.Glossary.Section;
import dev.drpo.reports.StepMetrics;
import dev.drpo.reports.TaggedNumbers;
import dev.drpo.tracking.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

class TensorBoardLogTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.5Z");

  @TempDir Path folder;

  private TensorBoardLog open(long nextStep, List<StepMetrics> earlier) throws IOException {
    return TensorBoardLog.open(folder, nextStep, earlier, () -> NOW);
  }

  private List<Event> summaries() throws IOException {
    return EventReader.all(folder).stream().filter(Event::hasSummary).toList();
  }

  private static boolean isEvaluation(Event event) {
    return event.getSummary().getValue(0).getTag().startsWith("eval/");
  }

  private List<Long> steps() throws IOException {
    return summaries().stream().filter(e -> !isEvaluation(e)).map(Event::getStep).toList();
  }

  private List<Long> evaluations() throws IOException {
    return summaries().stream().filter(e -> isEvaluation(e)).map(Event::getStep).toList();
  }

  @Test
  void theFirstEventNamesTheFormat() throws IOException {
    open(1, List.of()).close();
    List<Event> events = EventReader.all(folder);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.getFirst().getWallTime()).isEqualTo(NOW.toEpochMilli() / 1000.0);
    assertThat(folder).isDirectoryContaining(file -> file.toString().contains("tfevents"));
  }

  @Test
  void everyFiniteNumberOfAStepIsThereUnderItsTag() throws IOException {
    try (TensorBoardLog log = open(1, List.of())) {
      Steps.through(3).forEach(log::step);
    }
    List<Event> events = summaries();
    assertThat(events).extracting(Event::getStep).containsExactly(1L, 2L, 3L);
    for (Event event : events) {
      Map<String, Double> expected = TaggedNumbers.of(Steps.step(event.getStep()));
      assertThat(expected).hasSizeGreaterThan(35).doesNotContainKey("policy/kl_hinge");
      Map<String, Float> found = new HashMap<>();
      for (Summary.Value value : event.getSummary().getValueList()) {
        if (value.hasSimpleValue()) {
          found.put(value.getTag(), value.getSimpleValue());
        }
      }
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      expected.forEach((tag, number) -> assertThat(found).containsEntry(tag, number.floatValue()));
    }
  }

  @Test
  void histogramsHoldTheCountsOfTheirBins() throws IOException {
    StepMetrics step = Steps.step(5);
    try (TensorBoardLog log = open(1, List.of())) {
      log.step(step);
    }
    Map<String, HistogramProto> found = new HashMap<>();
    for (Summary.Value value : summaries().getFirst().getSummary().getValueList()) {
      if (value.hasHisto()) {
        found.put(value.getTag(), value.getHisto());
      }
    }
    assertThat(found)
        .containsOnlyKeys(
            "response_length/right_histogram",
            "response_length/wrong_histogram",
            "train/solve_rates");
    HistogramProto right = found.get("response_length/right_histogram");
    assertThat(right.getNum()).isEqualTo(step.positives());
    assertThat(right.getSum()).isCloseTo(step.positives() * step.meanLengthCorrect(), within(1e-9));
    for (int bin = 0; bin < right.getBucketCount(); bin++) {
      int index = step.lengthBins().indexOf((int) right.getBucketLimit(bin));
      assertThat(right.getBucket(bin)).isEqualTo(step.lengthsCorrect().get(index).doubleValue());
    }
    assertThat(right.getBucket(0)).isPositive();
    assertThat(right.getBucket(right.getBucketCount() - 1)).isPositive();
    assertThat(right.getMax()).isEqualTo(right.getBucketLimit(right.getBucketCount() - 1));
    assertThat(right.getMin()).isLessThan(right.getBucketLimit(0));
    HistogramProto rates = found.get("train/solve_rates");
    assertThat(rates.getBucketLimitList()).containsExactly(0.0, 1.0, 2.0, 3.0);
    assertThat(rates.getBucketList()).containsExactly(1.0, 0.0, 4.0, 3.0);
  }

  @Test
  void aResumedRunHasEveryStepOnceAndItsReadersForgetTheRest() throws IOException {
    try (TensorBoardLog log = open(1, List.of())) {
      log.evaluation(Steps.evaluation(0));
      Steps.through(7).forEach(log::step);
      log.evaluation(Steps.evaluation(4));
    }
    try (TensorBoardLog log = open(5, Steps.through(4))) {
      log.evaluation(Steps.evaluation(0));
      log.evaluation(Steps.evaluation(4));
      List.of(5, 6).forEach(step -> log.step(Steps.step(step)));
    }
    try (TensorBoardLog log = open(4, Steps.through(3))) {
      List.of(4, 5).forEach(step -> log.step(Steps.step(step)));
    }
    assertThat(steps()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(evaluations()).containsExactly(0L);
    assertThat(EventReader.all(folder).stream().filter(Event::hasSessionLog))
        .last()
        .satisfies(
            event -> {
              assertThat(event.getSessionLog().getStatus())
                  .isEqualTo(SessionLog.SessionStatus.START);
              assertThat(event.getStep()).isEqualTo(4);
            });
  }

  @Test
  void stepsThatTheFilesLackAreTakenFromTheMetrics() throws IOException {
    try (TensorBoardLog log = open(1, List.of())) {
      log.step(Steps.step(1));
    }
    try (TensorBoardLog log = open(4, Steps.through(3))) {
      log.step(Steps.step(4));
    }
    assertThat(steps()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void whereverACrashTearsAFileTheNextProcessMendsIt() throws IOException {
    try (TensorBoardLog log = open(1, List.of())) {
      Steps.through(3).forEach(log::step);
    }
    Path file = only();
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(4);
    for (int run = 0; run < 60; run++) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path old : files.toList()) {
          Files.delete(old);
        }
      }
      byte[] torn = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      if (run % 3 == 0 && torn.length > 40) {
        // A power cut: the size is there, the content is not.
        Arrays.fill(torn, torn.length - 30, torn.length, (byte) 0);
      }
      Files.write(file, torn);
      open(4, Steps.through(3)).close();
      assertThat(steps()).containsExactly(1L, 2L, 3L);
    }
  }

  private Path only() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void filesOfOthersStay() throws IOException {
    Path note = Files.writeString(folder.resolve("notes.txt"), "mine");
    open(1, List.of()).close();
    open(1, List.of()).close();
    assertThat(note).hasContent("mine");
  }

  @Test
  void aDiskThatFailsEndsTheFilesAndNotTheRun() throws IOException {
    TensorBoardLog log = open(1, List.of());
    log.step(Steps.step(1));
    log.close();
    log.step(Steps.step(2));
    assertThat(steps()).containsExactly(1L);
  }

  @Test
  void tagsAreUniqueAndTellEvaluationsFromSteps() {
    List<String> tags = new ArrayList<>();
    for (Section section : Section.values()) {
      for (Glossary.Entry entry : Glossary.of(section)) {
        if (!entry.tag().isEmpty()) {
          assertThat(entry.tag()).matches("[a-z_]+(/[a-z0-9_]+)+");
          assertThat(entry.tag().startsWith(EventFolder.EVALUATION))
              .isEqualTo(section == Section.EVALUATION);
          tags.add(entry.tag());
        }
      }
    }
    assertThat(tags).doesNotHaveDuplicates().contains("train/accuracy", "policy/entropy");
    Evaluation evaluation = Steps.evaluation(3).evaluation();
    assertThat(TaggedNumbers.of(evaluation))
        .containsEntry("eval/accuracy", 0.75)
        .containsKeys("eval/response_length", "eval/pass_at_1", "eval/pass_at_2");
  }

  @Test
  void damageInTheMiddleEndsAFileThere() throws IOException {
    try (TensorBoardLog log = open(1, List.of())) {
      Steps.through(3).forEach(log::step);
    }
    Path file = only();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    open(4, Steps.through(3)).close();
    assertThat(steps()).containsExactly(1L, 2L, 3L);
  }
}
