package dev.drpo.benchmarks.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostileResponseTest {
  @Test
  void hostileResponsesHaveNamesOfTheirOwn() {
    assertThat(HostileResponse.all())
        .extracting(HostileResponse::name)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(80);
  }
}
