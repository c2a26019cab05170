package dev.drpo.benchmarks.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MixedResponseTest {
  @Test
  void theSameSeedDrawsTheSameMix() {
    assertThat(MixedResponse.draw(300, 7)).isEqualTo(MixedResponse.draw(300, 7));
    assertThat(MixedResponse.draw(300, 7)).isNotEqualTo(MixedResponse.draw(300, 8));
  }

  @Test
  void theMixHasTheLengthsAndSharesThatItClaims() {
    List<MixedResponse> mix = MixedResponse.draw(10_000, 0);

    assertThat(mix)
        .allSatisfy(response -> assertThat(response.text().length()).isBetween(450, 2300));
    assertThat(mix.stream().filter(MixedResponse::right).count()).isBetween(4800L, 5200L);
    assertThat(mix.stream().filter(r -> r.form() == AnswerForm.INTEGER).count())
        .isBetween(6700L, 7100L);
    assertThat(mix.stream().filter(r -> r.form() == AnswerForm.FRACTION).count())
        .isBetween(850L, 1100L);
  }

  @ParameterizedTest
  @EnumSource
  void everyFormDrawsThreeDifferentTexts(AnswerForm form) {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      Pair pair = form.draw(random);
      assertThat(List.of(pair.gold(), pair.equal(), pair.unequal())).doesNotHaveDuplicates();
    }
  }
}
