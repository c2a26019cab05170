package dev.drpo.cli.eval;

import dev.drpo.problems.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Whoever answers problems: an engine of this process, or a server. */
interface Respondent extends AutoCloseable {
  /**
   * Queues a problem.
   *
   * @return as many responses as there are to be samples, in their order
   */
  CompletableFuture<List<Response>> ask(Problem problem);

  /** Problems that have to be queued for it to be always busy. */
  int problemsAtOnce();

  /** Gives up what is not answered yet. */
  @Override
  void close();
}
