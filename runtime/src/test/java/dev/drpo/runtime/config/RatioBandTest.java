package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatioBandTest {
  @Test
  void whatIsWrittenIsTheBandAndItsEndsAreInIt() {
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      double low = random.nextDouble();
      double high = 1 / random.nextDouble();
      RatioBand band = RatioBand.parse(low + ".." + high).orElseThrow();
      assertThat(band).isEqualTo(new RatioBand(low, high));
      assertThat(band.contains(low)).isTrue();
      assertThat(band.contains(1)).isTrue();
      assertThat(band.contains(high)).isTrue();
      assertThat(band.contains(Math.nextUp(high))).isFalse();
      assertThat(band.contains(Math.nextDown(low))).isFalse();
    }
  }

  @Test
  void noneHoldsEveryRatio() {
    RatioBand none = RatioBand.parse("none").orElseThrow();
    assertThat(none.isNone()).isTrue();
    assertThat(none.contains(0)).isTrue();
    assertThat(none.contains(Double.POSITIVE_INFINITY)).isTrue();
    assertThat(RatioBand.parse("0..Infinity")).contains(none);
    assertThat(RatioBand.parse("0..5").orElseThrow().isNone()).isFalse();
  }

  /** The mini-batch is skipped for it, with its group's name. */
  @Test
  void whatIsNoNumberIsNotLeftOut() {
    assertThat(new RatioBand(0.5, 5).contains(Double.NaN)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "off",
        "1",
        "..",
        "0.5..",
        "..5",
        "0.5-5",
        "5..0.5",
        "1.1..5",
        "0.5..0.9",
        "-1..5",
        "NaN..5",
        "0.5..NaN",
        "0.5..high"
      })
  void whatHoldsNoAgreementIsNoBand(String text) {
    assertThat(RatioBand.parse(text)).isEmpty();
  }
}
