package dev.drpo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinningTest {
  private static final double NONE = Double.NaN;

  @Test
  void ofEachBucketTheExtremesStayInTheirOrder() {
    assertThat(new Thinning(4).of(new double[] {1, 9, 2, 8, 3, 7})).containsExactly(1, 9, 8, 3);
    assertThat(new Thinning(4).ofAxis(new double[] {10, 20, 30, 40, 50, 60}))
        .containsExactly(10, 30, 40, 60);
  }

  @Test
  void aSpikeOfOneStepIsSeenAmongAMillion() {
    double[] values = new double[1_000_000];
    values[777_777] = 5;
    values[123_456] = -5;
    double[] thinned = new Thinning(4000).of(values);
    assertThat(thinned).hasSize(4000);
    assertThat(DoubleStream.of(thinned).max()).hasValue(5);
    assertThat(DoubleStream.of(thinned).min()).hasValue(-5);
  }

  @Test
  void stepsStayInOrderAndTheFirstAndTheLastAreAmongThem() {
    double[] steps = IntStream.rangeClosed(1, 10_001).asDoubleStream().toArray();
    double[] thinned = new Thinning(4000).ofAxis(steps);
    assertThat(thinned).isSorted().doesNotHaveDuplicates().startsWith(1).endsWith(10_001);
  }

  @Test
  void whatHasNoValueIsNoExtreme() {
    assertThat(new Thinning(4).of(new double[] {NONE, 2, NONE, NONE, NONE, NONE}))
        .containsExactly(2, 2, NONE, NONE);
  }

  @Test
  void fewRowsStayAsTheyAre() {
    Columns columns = new Columns();
    for (double step : new double[] {1, 2, 3}) {
      int row = columns.addRow();
      columns.set("step", row, step);
      columns.set("a", row, step == 2 ? NONE : step / 3);
    }
    assertThat(ColumnsJson.of(columns, List.of("step", "a"), 0, new Thinning(4)))
        .isEqualTo("{\"step\":[1,2,3],\"a\":[0.33333334,null,1]}");
    assertThat(ColumnsJson.of(columns, List.of("step"), 2, new Thinning(4)))
        .isEqualTo("{\"step\":[3]}");
    assertThat(ColumnsJson.of(columns, List.of("step"), 0, new Thinning(2)))
        .isEqualTo("{\"step\":[1,3]}");
  }

  @Test
  void numbersThatAFloatCanNotHoldStayNumbers() {
    Columns columns = new Columns();
    for (double value : new double[] {1e300, -1e-300, Double.POSITIVE_INFINITY, 12345678912.0}) {
      columns.set("a", columns.addRow(), value);
    }
    assertThat(ColumnsJson.of(columns, List.of("a"), 0, new Thinning(8)))
        .isEqualTo("{\"a\":[1.0E300,-1.0E-300,null,12345678912]}");
  }

  @Test
  void anOddOrMissingNumberOfRowsIsRefused() {
    for (int rows : Arrays.asList(0, 1, 7)) {
      assertThatThrownBy(() -> new Thinning(rows)).hasMessageContaining("even number of rows");
    }
  }
}
