package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.HeapNeeds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearnerHeapTest {
  private static final long MEBIBYTE = 1 << 20;

  private final RunConfig config =
      ConfigLoader.load(
          null, Map.of(ConfigLoader.PRESET_VARIABLE, "drpo-1.5b-8k"), Map.of("run.id", "heap"));

  @Test
  void aHeapThatIsTooSmallWhateverResponsesAreIsRefusedWithTheNumbersAndTheRemedy() {
    HeapNeeds least = HeapNeeds.leastOfLearner(config);
    assertThatThrownBy(() -> LearnerHeap.check(config, least.live() - MEBIBYTE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("can't hold this run, which takes " + least.live() / MEBIBYTE)
        .hasMessageContaining("-Xmx" + HeapNeeds.learner(config).limit() / MEBIBYTE + "m")
        .hasMessageContaining("JAVA_TOOL_OPTIONS");
  }

  @Test
  void aHeapThatShortResponsesFitIsTaken() {
    assertThatCode(() -> LearnerHeap.check(config, HeapNeeds.leastOfLearner(config).live()))
        .doesNotThrowAnyException();
  }
}
