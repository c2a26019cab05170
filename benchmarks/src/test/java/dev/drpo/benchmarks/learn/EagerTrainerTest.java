package dev.drpo.benchmarks.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.drpo.benchmarks.learn.LearnCase.Trainer;
import dev.drpo.policy.engine.TensorEngine;
import org.junit.jupiter.api.Test;

class EagerTrainerTest {
  @Test
  void theEagerTrainerKnowsNothingAtFirst() throws Exception {
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    LearnCase eager = new LearnCase(Trainer.EAGER, 8, 70, false, 32, 1, false, true);
    try (NDManager manager = TensorEngine.newManager()) {
      assertThat(new EagerTrainer(manager, eager).step(eager.draw()))
          .isCloseTo(Math.log(32), within(0.2));
    }
  }
}
