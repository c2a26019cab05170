package dev.drpo.benchmarks.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WorkTest {
  /** 704,512 parameters of each of 4 layers, 512 x 256 of the head; 4 x 256 heads' components. */
  @Test
  void theOperationsAreThoseOfTheParametersAndTheAttention() {
    double layers = 2.0 * 4 * (256 * 384 + 256 * 256 + 3 * 256 * 704);
    double head = 2.0 * 256 * 512;
    double position = 4.0 * 4 * 256;
    double prompt = 3 * layers + position * (1 + 2 + 3) + head;
    double response = 2 * (layers + head) + position * (4 + 5);
    assertThat(Work.operations(GenerateBench.SHAPE, 5, 10, 3, 3))
        .isCloseTo(5 * prompt + 10 * response, within(1.0));
  }
}
