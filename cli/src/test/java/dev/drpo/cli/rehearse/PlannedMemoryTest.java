package dev.drpo.cli.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlannedMemoryTest {
  @Test
  void theLastPlanOfALogCounts() {
    assertThat(
            PlannedMemory.in(
                List.of(
                    "INFO training on cpu; memory of each: 9.99 GB in all: weights 4.00 GB",
                    "INFO something else",
                    "INFO training on cpu; memory of each: 8.25 GB in all: weights 2.00 GB")))
        .hasValue(8_250_000_000L);
    assertThat(PlannedMemory.in(List.of("memory on cpu: 812.5 MB in all: weights 1.0 MB")))
        .hasValue(812_500_000L);
    assertThat(PlannedMemory.in(List.of("nothing"))).isEmpty();
  }
}
