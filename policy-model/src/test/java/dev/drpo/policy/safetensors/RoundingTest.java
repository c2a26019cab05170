package dev.drpo.policy.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundingTest {
  @ParameterizedTest
  @CsvSource({"1, 0x3f80", "-2.5, 0xc020", "1.00390625, 0x3f80", "1.01171875, 0x3f82", "0, 0"})
  void numbersAreRoundedToNearestAndTiesToEven(float value, String bits) {
    assertThat(Rounding.bfloat16(value) & 0xffff).isEqualTo(Integer.decode(bits));
  }

  @Test
  void whatLiesHalfwayAndWhatIsTooLargeIsRoundedLikeTheRest() {
    assertThat(Rounding.bfloat16(1f)).isEqualTo((short) 0x3f80);
    // Halfway between 0x3f80 and 0x3f81, and between 0x3f81 and 0x3f82.
    assertThat(Rounding.bfloat16(Float.intBitsToFloat(0x3f808000))).isEqualTo((short) 0x3f80);
    assertThat(Rounding.bfloat16(Float.intBitsToFloat(0x3f818000))).isEqualTo((short) 0x3f82);
    assertThat(Rounding.bfloat16(Float.intBitsToFloat(0x3f808001))).isEqualTo((short) 0x3f81);
    assertThat(Rounding.bfloat16(Float.intBitsToFloat(0xbf808001))).isEqualTo((short) 0xbf81);
    assertThat(Rounding.bfloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
    assertThat(Rounding.bfloat16(Float.NaN) & 0x7fff).isGreaterThan(0x7f80);
  }
}
