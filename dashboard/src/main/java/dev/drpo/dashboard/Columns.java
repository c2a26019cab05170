package dev.drpo.dashboard;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Numbers by row and name, column by column. A name that a row does not have is NaN there, also
 * where it appears for the first time later on. Not thread-safe.
 */
final class Columns {
  private static final int FIRST_CAPACITY = 64;

  private final Map<String, double[]> values = new LinkedHashMap<>();
  private int rows;
  private int capacity = FIRST_CAPACITY;

  int rows() {
    return rows;
  }

  Set<String> names() {
    return values.keySet();
  }

  /** The value of a row; NaN where there is none. */
  double get(String name, int row) {
    double[] column = values.get(name);
    return column == null ? Double.NaN : column[row];
  }

  /** Begins a row without values, and gives its index. */
  int addRow() {
    if (rows == capacity) {
      capacity *= 2;
      values.replaceAll((_, column) -> filled(column, capacity));
    }
    return rows++;
  }

  void set(String name, int row, double value) {
    double[] column = values.get(name);
    if (column == null) {
      column = filled(new double[0], capacity);
      values.put(name, column);
    }
    column[row] = value;
  }

  /** Forgets all rows from one on. */
  void truncate(int from) {
    values.values().forEach(column -> Arrays.fill(column, from, rows, Double.NaN));
    rows = from;
  }

  private static double[] filled(double[] start, int length) {
    double[] column = Arrays.copyOf(start, length);
    Arrays.fill(column, start.length, length, Double.NaN);
    return column;
  }
}
