package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.trainer.ParameterShards.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParameterShardsTest {
  @Test
  void everyElementIsInOneShardInOrder() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      List<Long> sizes = random.longs(1 + random.nextInt(12), 1, 5000).boxed().toList();
      List<List<Span>> shards = ParameterShards.cut(sizes, 1 + random.nextInt(20));
      List<Long> next = new ArrayList<>(List.of(0L));
      for (Span span : shards.stream().flatMap(List::stream).toList()) {
        if (span.from() == 0 && span.weight() > 0) {
          assertThat(next.getLast()).isEqualTo(sizes.get(span.weight() - 1));
          next.add(0L);
        }
        assertThat(span.weight()).isEqualTo(next.size() - 1);
        assertThat(span.from()).isEqualTo(next.getLast());
        assertThat(span.from() % ParameterShards.ALIGNMENT).isZero();
        assertThat(span.elements()).isPositive();
        next.set(span.weight(), span.to());
      }
      assertThat(next).isEqualTo(sizes);
    }
  }

  @Test
  void shardsOfALargePolicyAreEqualButForTheAlignment() {
    List<Long> sizes =
        PolicyLayout.of(new ModelConfig(152_064, 3584, 18_944, 28, 28, 4, 64, 1e4, 1e-6, false))
            .weights()
            .stream()
            .map(PolicyLayout.Weight::elements)
            .toList();
    long share = sizes.stream().mapToLong(Long::longValue).sum() / 8;
    assertThat(ParameterShards.cut(sizes, 8))
        .hasSize(8)
        .allSatisfy(
            shard ->
                assertThat(shard.stream().mapToLong(Span::elements).sum())
                    .isBetween(
                        share - ParameterShards.ALIGNMENT, share + ParameterShards.ALIGNMENT));
  }

  @Test
  void aFewElementsLeaveShardsEmpty() {
    assertThat(ParameterShards.cut(List.of(10L, 70L), 3))
        .containsExactly(List.of(new Span(0, 0, 10)), List.of(), List.of(new Span(1, 0, 70)));
  }
}
