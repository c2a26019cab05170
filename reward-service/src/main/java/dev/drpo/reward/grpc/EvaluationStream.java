package dev.drpo.reward.grpc;

import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateStreamResponse;
import dev.drpo.reward.call.Call;
import dev.drpo.reward.call.Refusal;
import dev.drpo.reward.call.Workers;
import dev.drpo.reward.evaluation.Evaluations;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * A bulk of requests under way. Several are judged at once; results leave in the order in which
 * their requests came. Another request is read only while few, and no large ones, wait for their
 * results to be written, so that a caller who does not read holds up nobody but himself. All state
 * belongs to the call's event loop.
 */
final class EvaluationStream implements StreamObserver<EvaluateRequest> {
  /** Requests read whose results are not written: enough to keep every core busy. */
  private static final int WINDOW = 16;

  /**
   * Bytes of requests beyond which no other is read, so that one stream can't take all the room.
   */
  private static final int WINDOW_BYTES = 2 << 20;

  private static final Refusal MALFORMED =
      new Refusal(
          Status.Code.INVALID_ARGUMENT, "the message can't be parsed; send an EvaluateRequest");

  private final Call call;
  private final ServerCallStreamObserver<EvaluateStreamResponse> out;
  private final Workers workers;
  private final Evaluations evaluations;
  private final Deque<Judging> underWay = new ArrayDeque<>();
  private long bytesUnderWay;
  private boolean asked;
  private boolean lastIsRead;
  private boolean completed;

  private record Judging(CompletableFuture<EvaluateStreamResponse> result, long bytes) {}

  private EvaluationStream(
      Call call,
      ServerCallStreamObserver<EvaluateStreamResponse> out,
      Workers workers,
      Evaluations evaluations) {
    this.call = call;
    this.out = out;
    this.workers = workers;
    this.evaluations = evaluations;
  }

  /** Begins to read; to be called by the stream's method itself, which may still set handlers. */
  static EvaluationStream open(
      Call call,
      ServerCallStreamObserver<EvaluateStreamResponse> out,
      Workers workers,
      Evaluations evaluations) {
    EvaluationStream stream = new EvaluationStream(call, out, workers, evaluations);
    out.disableAutoRequest();
    out.setOnReadyHandler(stream::write);
    stream.ask();
    call.whenEnded(stream::abandon);
    return stream;
  }

  @Override
  public void onNext(EvaluateRequest request) {
    asked = false;
    long bytes = call.takeMessage();
    bytesUnderWay += bytes;
    CompletableFuture<EvaluateStreamResponse> result =
        CompletableFuture.supplyAsync(() -> result(request), workers);
    underWay.add(new Judging(result, bytes));
    var _ = result.thenRun(() -> call.reply(this::write));
    ask();
  }

  @Override
  public void onCompleted() {
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
   * @param request null if it could not be parsed, see {@link TolerantRequests}
   */
  private EvaluateStreamResponse result(EvaluateRequest request) {
    EvaluateStreamResponse.Builder result = EvaluateStreamResponse.newBuilder();
    if (request == null) {
      return result.setError(MALFORMED.toMessage()).build();
    }
    result.setRequestId(request.getRequestId());
    try {
      return result.setResponse(evaluations.evaluate(request, call)).build();
    } catch (Throwable failure) {
      // One request must not end the stream for the others.
      return result.setError(Refusal.of(failure).toMessage()).build();
    }
  }

  private void write() {
    while (!underWay.isEmpty() && underWay.peek().result().isDone() && out.isReady()) {
      Judging done = underWay.poll();
      out.onNext(done.result().resultNow());
      bytesUnderWay -= done.bytes();
      call.finishMessage(done.bytes());
      ask();
    }
    if (lastIsRead && underWay.isEmpty() && !completed) {
      completed = true;
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

  private void abandon() {
    // What is being judged ends by itself, within the budget; what waits sees that the call is
    // over.
    underWay.clear();
  }
}
