package dev.drpo.cli.judge;

import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.LineReader;
import dev.drpo.cli.lines.OutputFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Judges an endless stream of lines on several threads, in constant memory and in order. Whenever
 * the input pauses, everything read so far is judged and written before the wait, so that a caller
 * can talk to it line by line. Writes hold whole lines only.
 */
final class JudgeStream {
  private static final int BATCHES_PER_THREAD = 4;
  private static final long BYTES_IN_FLIGHT = 64 << 20;

  private final LineJudge judge;
  private final OutputStream out;
  private final ExecutorService threads;
  private final int maxBatches;
  private final Queue<Submitted> inFlight = new ArrayDeque<>();
  private final Tally tally = new Tally();
  private long bytesInFlight;
  private Batch next = new Batch();

  private record Submitted(Future<Batch.Result> result, long bytes) {}

  private JudgeStream(LineJudge judge, OutputStream out, ExecutorService threads, int maxBatches) {
    this.judge = judge;
    this.out = out;
    this.threads = threads;
    this.maxBatches = maxBatches;
  }

  /**
   * Judges every line until the input ends. Both streams stay the caller's to close.
   *
   * @param threads how many judge at a time, beside the caller's thread, which reads and writes
   * @throws OutputFailure if the output can't be written
   * @throws IOException if the input can't be read; what was read before it is judged and written
   */
  static Tally run(LineJudge judge, InputStream in, OutputStream out, int threads)
      throws IOException {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("judge-", 0).daemon().factory());
    try {
      JudgeStream stream = new JudgeStream(judge, out, pool, threads * BATCHES_PER_THREAD);
      stream.judgeAll(in);
      return stream.tally;
    } finally {
      pool.shutdownNow();
    }
  }

  private void judgeAll(InputStream in) throws IOException {
    LineReader lines = new LineReader(in, this::catchUp);
    try {
      for (Optional<InputLine> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (!line.get().isBlank()) {
          next.add(line.get());
          if (next.isFull()) {
            submit();
          }
        }
      }
    } catch (OutputFailure failure) {
      throw failure;
    } catch (IOException failure) {
      catchUp();
      throw failure;
    }
    catchUp();
  }

  private void submit() throws IOException {
    while (!inFlight.isEmpty()
        && (inFlight.size() >= maxBatches
            || bytesInFlight + next.bytes() > BYTES_IN_FLIGHT
            || inFlight.element().result().isDone())) {
      writeFirst();
    }
    Batch batch = next;
    next = new Batch();
    bytesInFlight += batch.bytes();
    inFlight.add(new Submitted(threads.submit(() -> batch.judgedBy(judge)), batch.bytes()));
  }

  /** Judges and writes everything that was read so far. */
  private void catchUp() throws IOException {
    if (!next.isEmpty()) {
      submit();
    }
    while (!inFlight.isEmpty()) {
      writeFirst();
    }
  }

  private void writeFirst() throws IOException {
    Submitted first = inFlight.remove();
    Batch.Result result = result(first);
    bytesInFlight -= first.bytes();
    tally.add(result.tally());
    try {
      out.write(result.utf8());
      out.flush();
    } catch (IOException failure) {
      throw new OutputFailure(failure);
    }
  }

  private static Batch.Result result(Submitted submitted) throws IOException {
    try {
      return submitted.result().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the judge has a defect", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while judging", e);
    }
  }
}
