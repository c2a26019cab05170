package dev.drpo.dashboard;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Columns as JSON, compactly: {@code {"step":[1,2],"accuracy":[0.5,null]}}. A number has the digits
 * of a float, which are more than anybody sees; what is not finite is null.
 */
final class ColumnsJson {
  private ColumnsJson() {}

  /** The named columns of the rows from one on; thinned if they are many. */
  static String of(Columns columns, Collection<String> names, int from, Thinning thinning) {
    boolean thin = thinning.applies(columns.rows() - from);
    StringBuilder json = new StringBuilder("{");
    for (String name : names) {
      double[] values = new double[columns.rows() - from];
      for (int row = from; row < columns.rows(); row++) {
        values[row - from] = columns.get(name, row);
      }
      boolean axis = name.equals(MetricsTable.STEP);
      double[] left = !thin ? values : axis ? thinning.ofAxis(values) : thinning.of(values);
      append(json.append(json.length() > 1 ? "," : ""), name, left);
    }
    return json.append('}').toString();
  }

  /** One row's values by name. */
  static Map<String, Double> row(Columns columns, int row) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String name : columns.names()) {
      double value = columns.get(name, row);
      if (Double.isFinite(value)) {
        values.put(name, value);
      }
    }
    return values;
  }

  private static void append(StringBuilder json, String name, double[] values) {
    json.append('"').append(name).append("\":[");
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        json.append(',');
      }
      double value = values[i];
      if (!Double.isFinite(value)) {
        json.append("null");
      } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
        json.append((long) value);
      } else {
        float rounded = (float) value;
        json.append(
            Float.isFinite(rounded) && (rounded != 0 || value == 0)
                ? Float.toString(rounded)
                : Double.toString(value));
      }
    }
    json.append(']');
  }
}
