package dev.drpo.reward.grpc;

import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateStreamResponse;
import dev.drpo.reward.call.RefusedException;
import dev.drpo.reward.evaluation.Evaluations;
import dev.drpo.service.callers.CallInContext;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A bulk of requests under way. Several are judged at once; results leave in the order in which
 * their requests came. Another request is read only while few, and no large ones, wait for their
 * results to be written, so that a caller who does not read holds up nobody but himself.
 */
final class EvaluationStream implements StreamObserver<EvaluateRequest> {
  /** Requests read whose results are not written: enough to keep every core busy. */
  private static final int WINDOW = 16;

  /**
   * Bytes of requests beyond which no other is read, so that one stream can't take all the room.
   */
  private static final int WINDOW_BYTES = 2 << 20;

  private final ServerCallStreamObserver<EvaluateStreamResponse> out;
  private final Intake intake;
  private final Executor workers;
  private final Evaluations evaluations;
  private final Deque<Judging> underWay = new ArrayDeque<>();
  private long bytesUnderWay;
  private boolean asked;
  private boolean lastIsRead;
  private boolean over;

  private record Judging(CompletableFuture<EvaluateStreamResponse> result, long bytes) {}

  private EvaluationStream(
      ServerCallStreamObserver<EvaluateStreamResponse> out,
      Executor workers,
      Evaluations evaluations) {
    this.out = out;
    this.intake = Intake.current();
    this.workers = workers;
    this.evaluations = evaluations;
  }

  /** Begins to read; to be called by the stream's method itself, which may still set handlers. */
  static EvaluationStream open(
      ServerCallStreamObserver<EvaluateStreamResponse> out,
      Executor workers,
      Evaluations evaluations) {
    Context call = Context.current();
    EvaluationStream stream =
        new EvaluationStream(out, work -> workers.execute(call.wrap(work)), evaluations);
    out.disableAutoRequest();
    out.setOnReadyHandler(stream::write);
    out.setOnCancelHandler(stream::abandon);
    stream.ask();
    return stream;
  }

  @Override
  public synchronized void onNext(EvaluateRequest request) {
    asked = false;
    long bytes = intake.takeMessage();
    bytesUnderWay += bytes;
    CompletableFuture<EvaluateStreamResponse> result =
        CompletableFuture.supplyAsync(() -> result(request), workers);
    underWay.add(new Judging(result, bytes));
    var _ = result.thenRun(this::write);
    ask();
  }

  @Override
  public synchronized void onCompleted() {
    lastIsRead = true;
    write();
  }

  @Override
  public void onError(Throwable failure) {
    abandon();
  }

  /**
   * Judges one request.
   *
   * @param request null if it could not be parsed, see {@link ReadableRequests}
   */
  private EvaluateStreamResponse result(EvaluateRequest request) {
    EvaluateStreamResponse.Builder result = EvaluateStreamResponse.newBuilder();
    if (request == null) {
      return result.setError(ReadableRequests.malformed().toMessage()).build();
    }
    result.setRequestId(request.getRequestId());
    try {
      CallInContext.current().request(request.getSerializedSize());
      return result.setResponse(evaluations.evaluate(request)).build();
    } catch (Throwable failure) {
      // One request must not end the stream for the others.
      return result.setError(RefusedException.of(failure).toMessage()).build();
    }
  }

  private synchronized void write() {
    while (!underWay.isEmpty() && underWay.peek().result().isDone() && out.isReady()) {
      Judging done = underWay.poll();
      out.onNext(done.result().resultNow());
      bytesUnderWay -= done.bytes();
      intake.finishMessage(done.bytes());
      ask();
    }
    if (lastIsRead && underWay.isEmpty() && !over) {
      over = true;
      out.onCompleted();
    }
  }

  /** Asks for one more request, if there is room for it and none is asked for. */
  private void ask() {
    if (!asked && underWay.size() < WINDOW && bytesUnderWay < WINDOW_BYTES) {
      asked = true;
      out.request(1);
    }
  }

  private synchronized void abandon() {
    // What is being judged ends by itself, within the budget; what waits sees that the call is
    // over.
    over = true;
    underWay.clear();
  }
}
