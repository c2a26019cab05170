package dev.drpo.simulation.broker;

import java.util.concurrent.CompletableFuture;

/** What waiting clients are told by: something has changed, look again. */
final class News {
  private CompletableFuture<Void> next = new CompletableFuture<>();

  /** Completes when something changes from now on. */
  CompletableFuture<Void> next() {
    return next;
  }

  void spread() {
    CompletableFuture<Void> told = next;
    next = new CompletableFuture<>();
    told.complete(null);
  }
}
