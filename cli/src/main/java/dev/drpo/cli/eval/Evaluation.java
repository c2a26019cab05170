package dev.drpo.cli.eval;

import dev.drpo.evaluation.JudgedProblem;
import dev.drpo.evaluation.JudgedSample;
import dev.drpo.evaluation.SampleJudge;
import dev.drpo.problems.Problem;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * Asks what has not been answered yet, judges the answers and logs them. One thread does all but
 * sampling, and acts on news.
 */
final class Evaluation {
  private final SampleLog log;
  private final SampleJudge judge;
  private final EvalProgress progress;
  private final Queue<Question> unasked = new ArrayDeque<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  private record Question(SampleLog.Key key, Problem problem) {}

  private sealed interface Answer {
    record Given(Question question, List<Response> responses) implements Answer {}

    record Failed(Throwable why) implements Answer {}
  }

  Evaluation(List<EvalSet> sets, SampleLog log, SampleJudge judge, EvalProgress progress) {
    this.log = log;
    this.judge = judge;
    this.progress = progress;
    for (EvalSet set : sets) {
      for (Problem problem : set.problems()) {
        SampleLog.Key key = new SampleLog.Key(set.name(), problem.id());
        log.judged(key)
            .ifPresentOrElse(progress::recall, () -> unasked.add(new Question(key, problem)));
      }
    }
  }

  /** Problems that are not answered yet. */
  int left() {
    return unasked.size();
  }

  /**
   * Answers all problems.
   *
   * @param start whoever answers; is not called if nothing is left to answer
   * @throws RuntimeException what the respondent failed with; what else it answered is logged
   */
  void run(Supplier<Respondent> start) throws IOException, InterruptedException {
    if (unasked.isEmpty()) {
      return;
    }
    try (Respondent respondent = start.get()) {
      progress.begin();
      int live = 0;
      Throwable failure = null;
      while (live > 0 || (failure == null && !unasked.isEmpty())) {
        while (failure == null && !unasked.isEmpty() && live < respondent.problemsAtOnce()) {
          ask(respondent, unasked.remove());
          live++;
        }
        Answer answer = answers.take();
        live--;
        switch (answer) {
          case Answer.Given given -> judge(given);
          // The others that were asked for are awaited: what they give was paid for.
          case Answer.Failed(Throwable why) -> failure = failure == null ? why : failure;
        }
      }
      if (failure != null) {
        throw failure instanceof RuntimeException known
            ? known
            : new IllegalStateException(failure);
      }
    }
  }

  private void ask(Respondent respondent, Question question) {
    var _ =
        respondent
            .ask(question.problem())
            .whenComplete(
                (responses, failure) ->
                    answers.add(
                        failure == null
                            ? new Answer.Given(question, responses)
                            : new Answer.Failed(cause(failure))));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private void judge(Answer.Given given) throws IOException {
    Problem problem = given.question().problem();
    List<JudgedSample> judged = new ArrayList<>();
    for (Response response : given.responses()) {
      judged.add(
          judge.judge(response.text(), problem.golds(), response.length(), response.truncated()));
    }
    JudgedProblem done = new JudgedProblem(problem.id(), judged);
    log.append(given.question().key(), given.responses(), done);
    progress.add(done);
  }
}
