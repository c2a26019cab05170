package dev.drpo.learner.service;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;

/**
 * Answers that wait for their caller: each is made once the transport has passed on most of those
 * before it, so that a slow caller holds about one of them in memory.
 */
final class PacedAnswers<T> {
  private final ServerCallStreamObserver<T> call;

  /** Takes a call over; to be called by the thread that the call came on, before it returns. */
  PacedAnswers(ServerCallStreamObserver<T> call) {
    this.call = call;
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::wake);
  }

  /** Sends all answers and ends the call, unless the caller leaves before. */
  void send(Iterator<T> answers) throws InterruptedException {
    while (answers.hasNext() && awaitReady()) {
      call.onNext(answers.next());
    }
    if (!call.isCancelled()) {
      call.onCompleted();
    }
  }

  /** Ends the call with an error, which nobody hears if the caller has left. */
  void fail(Throwable failure) {
    if (!call.isCancelled()) {
      call.onError(failure);
    }
  }

  /** Whether the caller is still there, once it takes the next answer or has left. */
  private synchronized boolean awaitReady() throws InterruptedException {
    while (!call.isReady() && !call.isCancelled()) {
      wait();
    }
    return !call.isCancelled();
  }

  private synchronized void wake() {
    notifyAll();
  }
}
