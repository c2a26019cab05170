package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SharedPagesTest {
  private static final int ROWS = 6;
  private static final int HEADS = 3;

  @Property(tries = 300)
  void everyPositionOfEveryRowKeepsItsPlace(
      @ForAll @IntRange(min = 1, max = 5) int pageTokens,
      @ForAll @IntRange(min = 1, max = 20) int pages,
      @ForAll Random random) {
    SharedPages shared = new SharedPages(ROWS, pages, pageTokens, HEADS);
    // What stands at each place, and by row, what was put there.
    Map<Long, Integer> memory = new HashMap<>();
    List<List<Integer>> rows = new ArrayList<>();
    int written = 0;
    for (int step = 0; step < 200; step++) {
      if (rows.size() < ROWS && random.nextInt(4) == 0) {
        rows.add(new ArrayList<>());
      } else if (!rows.isEmpty() && random.nextInt(12) == 0) {
        int row = random.nextInt(rows.size());
        shared.end(row, rows.size() - 1);
        rows.set(row, rows.getLast());
        rows.removeLast();
      } else if (!rows.isEmpty()) {
        int row = random.nextInt(rows.size());
        int length = rows.get(row).size();
        if (length % pageTokens > 0 || shared.taken() < pages) {
          shared.extend(row, length);
          rows.get(row).add(written);
          for (int head = 0; head < HEADS; head++) {
            memory.put(shared.at(row, head, length), HEADS * written + head);
          }
          written++;
        }
      }
      requireRead(shared, memory, rows);
      assertThat(shared.taken())
          .isEqualTo(rows.stream().mapToInt(row -> Math.ceilDiv(row.size(), pageTokens)).sum());
    }
    assertThat(memory.keySet())
        .allMatch(place -> place >= 0 && place < (long) HEADS * pages * pageTokens);
  }

  private static void requireRead(
      SharedPages shared, Map<Long, Integer> memory, List<List<Integer>> rows) {
    for (int row = 0; row < rows.size(); row++) {
      List<Integer> put = rows.get(row);
      if (!put.isEmpty()) {
        int[] bounds = shared.runs(row, put.size());
        for (int head = 0; head < HEADS; head++) {
          List<Integer> read = new ArrayList<>();
          for (int run = 1; run < bounds.length; run++) {
            long first = shared.at(row, head, bounds[run - 1]);
            for (int i = 0; i < bounds[run] - bounds[run - 1]; i++) {
              read.add((memory.get(first + i) - head) / HEADS);
            }
          }
          assertThat(read).isEqualTo(put);
        }
      }
    }
  }

  @Test
  void aRowThatNobodyStandsInTheWayOfIsOneRun() {
    SharedPages shared = new SharedPages(2, 16, 4, 1);
    for (int position = 0; position < 32; position++) {
      shared.extend(0, position);
      shared.extend(1, position);
    }
    assertThat(shared.runs(0, 30)).containsExactly(0, 30);
    assertThat(shared.runs(1, 30)).containsExactly(0, 30);
  }

  @Test
  void aPageTooManyIsRefused() {
    SharedPages shared = new SharedPages(2, 2, 4, 1);
    shared.extend(0, 0);
    shared.extend(0, 3);
    shared.extend(1, 0);
    assertThatThrownBy(() -> shared.extend(1, 4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("all 2 pages");
    shared.end(0, 1);
    shared.extend(0, 4);
    assertThat(shared.taken()).isEqualTo(2);
  }
}
