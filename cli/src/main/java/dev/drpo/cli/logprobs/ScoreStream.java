package dev.drpo.cli.logprobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.drpo.cli.lines.LineFeed;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.logprobs.ScoredLine.Broken;
import dev.drpo.cli.logprobs.ScoredLine.Sequence;
import dev.drpo.policy.trainer.PolicyScorer;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Scores an endless stream of lines in constant memory and in order, a batch at a time. Whenever
 * the input pauses, everything read so far is scored and written before the wait.
 */
final class ScoreStream {
  private static final JsonFactory JSON = new JsonFactory();

  /** Lines may have nothing to predict. */
  private static final int MAX_LINES_PER_BATCH = 4096;

  private final PolicyScorer policy;
  private final double temperature;
  private final int tokensPerBatch;
  private final LineOutput out;
  private final List<ScoredLine> batch = new ArrayList<>();
  private long batchTokens;
  private long sequences;
  private long tokens;
  private long malformed;

  /**
   * What was done.
   *
   * @param tokens that were predicted
   * @param malformed lines with an error in the output
   */
  record Tally(long sequences, long tokens, long malformed) {}

  private ScoreStream(PolicyScorer policy, double temperature, int tokensPerBatch, LineOutput out) {
    this.policy = policy;
    this.temperature = temperature;
    this.tokensPerBatch = tokensPerBatch;
    this.out = out;
  }

  /**
   * Scores every line until the input ends. Runs the policy on the calling thread.
   *
   * @param tokensPerBatch most tokens of one forward pass; a longer sequence has one to itself
   * @param in stays the caller's to close
   * @throws dev.drpo.cli.lines.OutputFailure if the output can't be written
   * @throws IOException if the input can't be read; what was read before it is scored and written
   * @throws InterruptedException if the thread was interrupted
   */
  static Tally run(
      PolicyScorer policy, double temperature, int tokensPerBatch, InputStream in, LineOutput out)
      throws IOException, InterruptedException {
    ScoreStream stream = new ScoreStream(policy, temperature, tokensPerBatch, out);
    stream.scoreAll(in);
    return new Tally(stream.sequences, stream.tokens, stream.malformed);
  }

  private void scoreAll(InputStream in) throws IOException, InterruptedException {
    BlockingQueue<LineFeed.News> news = new LinkedBlockingQueue<>();
    try (LineFeed feed = LineFeed.start(in, news::add)) {
      while (true) {
        switch (news.take()) {
          case LineFeed.News.Line(var line) -> {
            add(ScoredLine.read(line, policy.config()));
            feed.release(line);
          }
          case LineFeed.News.Pause() -> flush();
          case LineFeed.News.End(var failure) -> {
            flush();
            if (failure.isPresent()) {
              throw failure.get();
            }
            return;
          }
        }
      }
    }
  }

  private void add(ScoredLine line) throws IOException, InterruptedException {
    int predicted = line instanceof Sequence sequence ? sequence.predicted() : 0;
    if (batchTokens + predicted > tokensPerBatch || batch.size() == MAX_LINES_PER_BATCH) {
      flush();
    }
    batch.add(line);
    batchTokens += predicted;
  }

  /** Scores and writes everything that was read so far. */
  private void flush() throws IOException, InterruptedException {
    score(
        batch.stream()
            .filter(Sequence.class::isInstance)
            .map(Sequence.class::cast)
            .filter(sequence -> sequence.predicted() > 0)
            .toList());
    for (ScoredLine line : batch) {
      out.write(json(line));
      count(line);
    }
    batch.clear();
    batchTokens = 0;
  }

  private void score(List<Sequence> predictable) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while scoring");
    }
    if (predictable.isEmpty()) {
      return;
    }
    List<float[]> values =
        policy.logProbabilities(predictable.stream().map(Sequence::tokens).toList(), temperature);
    for (int i = 0; i < values.size(); i++) {
      predictable.get(i).scored(values.get(i));
    }
  }

  private void count(ScoredLine line) {
    switch (line) {
      case Broken _ -> malformed++;
      case Sequence sequence when !sequence.isSound() -> malformed++;
      case Sequence sequence -> {
        sequences++;
        tokens += sequence.predicted();
      }
    }
  }

  private static String json(ScoredLine line) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      line.write(json);
    }
    return text.append('\n').toString();
  }
}
