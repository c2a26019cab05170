package dev.drpo.cli.generate;

import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.LineFeed;
import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Answers an endless stream of prompts in constant memory, in order, each line as soon as it and
 * all before it are done. Prompts are taken as slots get free, so that responses of many prompts
 * are always decoded together. One thread does all but reading and decoding, and acts on news.
 */
final class GenerateStream {
  /**
   * Most tokens of prompts and response budgets that are not written yet. Responses wait for those
   * before them, and this much of them takes some 200 MB.
   */
  private static final long MAX_UNWRITTEN_TOKENS = 16 << 20;

  private static final int MAX_UNWRITTEN_LINES = 1 << 14;

  /** Responses that wait for slots, in engines' worth, so that no free slot waits for them. */
  private static final int ENGINES_AHEAD = 2;

  private final PolicyEngine engine;
  private final PromptLimits limits;
  private final PromptEncoder encoder;
  private final int samples;
  private final ResponseLines lines;
  private final LineOutput out;
  private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
  private final Queue<InputLine> unread = new ArrayDeque<>();
  private final Queue<Result> unwritten = new ArrayDeque<>();
  private final Tally tally = new Tally();
  private long unwrittenTokens;
  private long liveResponses;
  private Optional<LineFeed.News.End> end = Optional.empty();

  private sealed interface News {
    record Input(LineFeed.News news) implements News {}

    /** A group is done, or has failed. */
    record GroupEnded() implements News {}
  }

  /** What becomes of a line, in the order of the input. */
  private sealed interface Result {
    record Broken(long line, MalformedLine why) implements Result {}

    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Responses(LineId id, int[] prompt, CompletableFuture<SampledGroup> group, long tokens)
        implements Result {}
  }

  private GenerateStream(
      PolicyEngine engine,
      PromptLimits limits,
      PromptEncoder encoder,
      int samples,
      LineOutput out) {
    this.engine = engine;
    this.limits = limits;
    this.encoder = encoder;
    this.samples = samples;
    this.lines = new ResponseLines(encoder.tokenizer());
    this.out = out;
  }

  /**
   * Answers every line until the input ends.
   *
   * @param samples responses per prompt
   * @param in stays the caller's to close
   * @throws dev.drpo.cli.lines.OutputFailure if the output can't be written
   * @throws IOException if the input can't be read; what was read before it is answered and written
   * @throws dev.drpo.generation.EngineStoppedException if the engine dies
   * @throws InterruptedException if the thread was interrupted
   */
  static Tally run(
      PolicyEngine engine,
      PromptLimits limits,
      PromptEncoder encoder,
      int samples,
      InputStream in,
      LineOutput out)
      throws IOException, InterruptedException {
    GenerateStream stream = new GenerateStream(engine, limits, encoder, samples, out);
    stream.answerAll(in);
    return stream.tally;
  }

  private void answerAll(InputStream in) throws IOException, InterruptedException {
    try (LineFeed feed = LineFeed.start(in, item -> news.add(new News.Input(item)))) {
      while (end.isEmpty() || !unread.isEmpty() || !unwritten.isEmpty()) {
        take(news.take());
        while (!unread.isEmpty() && hasRoom()) {
          InputLine line = unread.remove();
          unwritten.add(start(line));
          feed.release(line);
          writeWhatIsDone();
        }
        writeWhatIsDone();
      }
    }
    Optional<IOException> failure = end.get().failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private void take(News item) {
    switch (item) {
      case News.Input(LineFeed.News.Line(InputLine line)) -> unread.add(line);
      case News.Input(LineFeed.News.Pause _) -> {
        // Nothing is held back for lines to come.
      }
      case News.Input(LineFeed.News.End last) -> end = Optional.of(last);
      case News.GroupEnded _ -> liveResponses -= samples;
    }
  }

  private boolean hasRoom() {
    return liveResponses < (long) ENGINES_AHEAD * engine.slots()
        && unwrittenTokens < MAX_UNWRITTEN_TOKENS
        && unwritten.size() < MAX_UNWRITTEN_LINES;
  }

  private Result start(InputLine line) {
    try {
      PromptLine.Named named = PromptLine.read(line, limits.vocabularySize());
      int[] prompt = tokens(named);
      CompletableFuture<SampledGroup> group = engine.submit(prompt, ResponseListener.NONE);
      liveResponses += samples;
      var _ = group.whenComplete((_, _) -> news.add(new News.GroupEnded()));
      long tokens = (long) samples * engine.sequenceTokens();
      unwrittenTokens += tokens;
      return new Result.Responses(named.id(), prompt, group, tokens);
    } catch (MalformedLine why) {
      return new Result.Broken(line.number(), why);
    }
  }

  private int[] tokens(PromptLine.Named named) throws MalformedLine {
    try {
      int[] prompt = encoder.encode(named.prompt());
      limits.refuseTooLong(prompt.length);
      return prompt;
    } catch (RefusedPrompt why) {
      throw new MalformedLine(Optional.of(named.id()), why.getMessage());
    }
  }

  private void writeWhatIsDone() throws IOException, InterruptedException {
    while (!unwritten.isEmpty() && isDone(unwritten.element())) {
      switch (unwritten.remove()) {
        case Result.Broken(long line, MalformedLine why) -> {
          tally.countMalformed();
          out.write(ResponseLines.of(line, why));
        }
        case Result.Responses responses -> {
          unwrittenTokens -= responses.tokens();
          SampledGroup group = Results.await(responses.group());
          tally.count(group);
          out.write(lines.of(responses.id(), responses.prompt(), group));
        }
      }
    }
  }

  private static boolean isDone(Result result) {
    return switch (result) {
      case Result.Broken _ -> true;
      case Result.Responses responses -> responses.group().isDone();
    };
  }
}
