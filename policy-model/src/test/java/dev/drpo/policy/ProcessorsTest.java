package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProcessorsTest {
  @Test
  void everyItemIsDoneOnce() {
    List<Integer> items = IntStream.range(0, 10_000).boxed().toList();
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    AtomicInteger count = new AtomicInteger();

    Processors.forEach(
        items,
        item -> {
          done.add(item);
          count.incrementAndGet();
        });

    assertThat(done).hasSize(items.size());
    assertThat(count).hasValue(items.size());
  }

  @Test
  void nothingToDoIsDone() {
    Processors.forEach(List.of(), item -> Thread.dumpStack());
    assertThat(Processors.count()).isPositive();
  }

  @Test
  void aFailureEndsTheWorkAndIsThrown() {
    AtomicInteger done = new AtomicInteger();
    AtomicInteger running = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Processors.forEach(
                    IntStream.range(0, 1_000_000).boxed().toList(),
                    item -> {
                      running.incrementAndGet();
                      if (item == 10) {
                        running.decrementAndGet();
                        throw new IllegalStateException("ten");
                      }
                      done.incrementAndGet();
                      running.decrementAndGet();
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("ten");
    assertThat(running).hasValue(0);
    assertThat(done.get()).isLessThan(1_000_000);
  }

  @Test
  void workWithinWorkEnds() {
    AtomicInteger done = new AtomicInteger();
    List<Integer> items = IntStream.range(0, 20).boxed().toList();
    Processors.forEach(items, _ -> Processors.forEach(items, _ -> done.incrementAndGet()));
    assertThat(done).hasValue(400);
  }
}
