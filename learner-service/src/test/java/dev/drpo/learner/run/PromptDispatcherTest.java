package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.problems.RenderedProblem;
import dev.drpo.proto.records.v1.SamplingParameters;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PromptDispatcherTest {
  @Test
  void aBrokerThatIsAwayIsWaitedForOnceAndNotForEachTask() {
    List<String> tried = new ArrayList<>();
    PromptDispatcher dispatcher =
        new PromptDispatcher(
            (topic, key, task) -> {
              tried.add(key);
              return tried.size() < 2
                  ? CompletableFuture.completedFuture(null)
                  : CompletableFuture.failedFuture(new IllegalStateException("nobody answers"));
            },
            "test.drpo.prompts",
            "test",
            "c0ffee",
            InstantSource.system());
    List<PromptDispatcher.Task> tasks = new ArrayList<>();
    for (RenderedProblem problem : Fixture.problems(4)) {
      tasks.add(new PromptDispatcher.Task(Records.training(0, problem.problem().id()), problem, 0));
    }
    assertThatThrownBy(() -> dispatcher.dispatch(tasks, SamplingParameters.getDefaultInstance()))
        .isInstanceOf(RunFailure.class)
        .hasMessageContaining("test.drpo.prompts: nobody answers")
        .hasMessageContaining("resume");
    assertThat(tried).containsExactly("p0", "p1");
  }
}
