package dev.drpo.cli.dataset.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names of fields, those inside structs with a dot: {@code reward_model.ground_truth}. */
final class RowPaths {
  private RowPaths() {}

  /** All that rows have, in the order in which they come up. */
  static Set<String> of(List<ObjectNode> rows) {
    Set<String> paths = new LinkedHashSet<>();
    rows.forEach(row -> collect("", row, paths));
    return paths;
  }

  private static void collect(String prefix, JsonNode struct, Set<String> paths) {
    struct
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isObject()) {
                collect(prefix + field.getKey() + ".", field.getValue(), paths);
              } else {
                paths.add(prefix + field.getKey());
              }
            });
  }

  /** The value at a path, missing if the row has none. */
  static JsonNode at(JsonNode struct, String path) {
    if (struct.has(path)) {
      return struct.get(path);
    }
    for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
      JsonNode inner = struct.path(path.substring(0, dot));
      if (inner.isObject()) {
        return at(inner, path.substring(dot + 1));
      }
    }
    return MissingNode.getInstance();
  }

  /** The first value that some row has at a path. */
  static Optional<JsonNode> first(List<ObjectNode> rows, String path) {
    return rows.stream().map(row -> at(row, path)).filter(RowPaths::isValue).findFirst();
  }

  /** Whether there is a value; NaN is how tables of numbers say that there is none. */
  static boolean isValue(JsonNode node) {
    return !node.isMissingNode()
        && !node.isNull()
        && !(node.isFloatingPointNumber()
            && !node.isBigDecimal()
            && !Double.isFinite(node.doubleValue()));
  }
}
