package dev.drpo.policy.sft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SequenceStreamTest {
  private static final List<Sequence> TWENTY = numbered(0, 20);
  private static final Mixture MIXED =
      new Mixture(List.of(new Mixture.Part(TWENTY, 3), new Mixture.Part(numbered(100, 7), 1)));

  @Test
  void everyEpochHasEverySequenceOnceInAnOrderOfItsOwn() {
    SequenceStream stream = new SequenceStream(Mixture.of(TWENTY), 1, 0);
    List<Sequence> first = draw(stream, 20);
    List<Sequence> second = draw(stream, 20);

    assertThat(first).containsExactlyInAnyOrderElementsOf(TWENTY).isNotEqualTo(TWENTY);
    assertThat(second).containsExactlyInAnyOrderElementsOf(TWENTY).isNotEqualTo(first);
  }

  @Test
  void theOrderIsAFunctionOfSeedAndStage() {
    List<Sequence> order = draw(new SequenceStream(MIXED, 1, 0), 50);

    assertThat(draw(new SequenceStream(MIXED, 1, 0), 50)).isEqualTo(order);
    assertThat(draw(new SequenceStream(MIXED, 2, 0), 50)).isNotEqualTo(order);
    assertThat(draw(new SequenceStream(MIXED, 1, 1), 50)).isNotEqualTo(order);
  }

  @Test
  void skippedDrawsAreThoseThatWouldHaveBeenDrawn() {
    List<Sequence> order = draw(new SequenceStream(MIXED, 1, 0), 60);
    SequenceStream stream = new SequenceStream(MIXED, 1, 0);
    stream.skip(23);

    assertThat(draw(stream, 37)).isEqualTo(order.subList(23, 60));
  }

  /** Four deviations of 4,000 draws at three quarters are 110. */
  @Test
  void partsAreDrawnInProportionToTheirWeights() {
    long ofFirst =
        draw(new SequenceStream(MIXED, 5, 0), 4_000).stream().filter(TWENTY::contains).count();

    assertThat(ofFirst).isBetween(2_890L, 3_110L);
  }

  private static List<Sequence> draw(SequenceStream stream, int count) {
    return Stream.generate(stream::next).limit(count).toList();
  }

  private static List<Sequence> numbered(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> new Sequence(new int[] {i}, new int[] {1}))
        .toList();
  }
}
