package dev.drpo.tracking.tensorboard;

import dev.drpo.reports.Glossary.Section;
import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.RunReport;
import dev.drpo.reports.StepMetrics;
import dev.drpo.reports.TaggedNumbers;
import dev.drpo.tracking.Tracker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * A run's numbers and histograms as TensorBoard's event files. They say no more than {@code
 * metrics.jsonl}, from which steps that they lack are taken when a run goes on; no step is in them
 * twice. A disk that fails ends the files, and not the run.
 */
public final class TensorBoardLog implements Tracker {
  private static final Logger LOG = Logger.getLogger(TensorBoardLog.class);

  private final Path folder;
  private final InstantSource clock;
  private final EventFolder written;
  private final FileChannel file;
  private boolean failed;

  private TensorBoardLog(Path folder, InstantSource clock, EventFolder written, FileChannel file) {
    this.folder = folder;
    this.clock = clock;
    this.written = written;
    this.file = file;
  }

  /**
   * Opens the files of a run.
   *
   * @param folder of this run alone
   * @param nextStep that the run goes on with; the first is 1
   * @param earlier the steps before it, as {@code metrics.jsonl} has them
   * @throws IOException if the folder can't be written
   */
  public static TensorBoardLog open(
      Path folder, long nextStep, List<StepMetrics> earlier, InstantSource clock)
      throws IOException {
    EventFolder written = EventFolder.takeBack(folder, nextStep);
    FileChannel file =
        FileChannel.open(
            written.next(folder, clock.instant().getEpochSecond()),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
    TensorBoardLog log = new TensorBoardLog(folder, clock, written, file);
    log.append(Event.fileVersion(log.now()));
    if (!written.files().isEmpty()) {
      log.append(Event.resumed(log.now(), nextStep));
    }
    earlier.forEach(log::step);
    return log;
  }

  @Override
  public void step(StepMetrics step) {
    if (written.steps().add(step.step())) {
      append(Event.summary(now(), step.step(), TaggedNumbers.of(step), histograms(step)));
    }
  }

  @Override
  public void evaluation(PolicyEvaluation evaluation) {
    if (written.evaluations().add(evaluation.step())) {
      Map<String, Double> numbers = TaggedNumbers.of(evaluation.evaluation());
      append(Event.summary(now(), evaluation.step(), numbers, Map.of()));
    }
  }

  @Override
  public void completed(RunReport report) {
    // The files say all of it.
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      give(e);
    }
  }

  private static Map<String, Histogram> histograms(StepMetrics step) {
    Map<String, Histogram> histograms = new LinkedHashMap<>();
    put(
        histograms,
        "lengthsCorrect",
        step.lengthBins(),
        step.lengthsCorrect(),
        step.positives() * step.meanLengthCorrect());
    put(
        histograms,
        "lengthsWrong",
        step.lengthBins(),
        step.lengthsWrong(),
        step.negatives() * step.meanLengthWrong());
    put(
        histograms,
        "solveRates",
        IntStream.range(0, step.solveRates().size()).boxed().toList(),
        step.solveRates(),
        step.positives());
    return histograms;
  }

  private static void put(
      Map<String, Histogram> histograms,
      String name,
      List<Integer> ends,
      List<Integer> counts,
      double sum) {
    if (counts.stream().anyMatch(count -> count > 0)) {
      histograms.put(TaggedNumbers.tag(Section.STEP, name), Histogram.of(ends, counts, sum));
    }
  }

  private double now() {
    return clock.millis() / 1000.0;
  }

  private void append(byte[] event) {
    if (failed) {
      return;
    }
    ByteBuffer frame = TfRecords.frame(event);
    try {
      while (frame.hasRemaining()) {
        file.write(frame);
      }
    } catch (IOException e) {
      give(e);
    }
  }

  private void give(IOException reason) {
    failed = true;
    LOG.warnf(
        "%s takes no more events (%s); the run goes on, and resumes them from metrics.jsonl when it"
            + " is started again",
        folder, reason.getMessage() == null ? reason : reason.getMessage());
  }
}
