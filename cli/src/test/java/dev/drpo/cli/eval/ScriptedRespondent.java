package dev.drpo.cli.eval;

import dev.drpo.problems.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Answers problems in an order that is not theirs: of those that are asked at once, the last first.
 * Sample s of problem i says i if s is even.
 */
final class ScriptedRespondent implements Respondent {
  private static final int AT_ONCE = 3;

  private final int samples;
  private final int failAfter;
  private final int problems;
  private final List<Runnable> waiting = new ArrayList<>();
  final List<String> asked = new ArrayList<>();

  /**
   * Fails with the problem that comes after so many.
   *
   * @param problems that it will be asked
   */
  ScriptedRespondent(int samples, int failAfter, int problems) {
    this.samples = samples;
    this.failAfter = failAfter;
    this.problems = problems;
  }

  @Override
  public CompletableFuture<List<Response>> ask(Problem problem) {
    CompletableFuture<List<Response>> answer = new CompletableFuture<>();
    boolean fails = asked.size() >= failAfter;
    asked.add(problem.id());
    waiting.addFirst(
        () -> {
          if (fails) {
            answer.completeExceptionally(new ServerFailure("out of order"));
          } else {
            answer.complete(responses(problem));
          }
        });
    if (waiting.size() == AT_ONCE || asked.size() == problems || fails) {
      waiting.forEach(Runnable::run);
      waiting.clear();
    }
    return answer;
  }

  private List<Response> responses(Problem problem) {
    List<Response> responses = new ArrayList<>();
    for (int s = 0; s < samples; s++) {
      String said = s % 2 == 0 ? problem.golds().getFirst() : "none";
      responses.add(
          new Response("é \u2028 </think> \\boxed{" + said + "}", new int[] {s, 2}, 2 + s, s == 3));
    }
    return responses;
  }

  @Override
  public int problemsAtOnce() {
    return AT_ONCE;
  }

  @Override
  public void close() {
    // Everything is answered by then.
  }
}
