package dev.drpo.planning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one device holds.
 *
 * @param device its name, with the node where there are several
 * @param roles what it does: learner, rollout, or both
 * @param components bytes at most, by what they are
 * @param bytes what it has
 */
public record Use(String device, String roles, Map<String, Long> components, long bytes) {
  public Use {
    components = Collections.unmodifiableMap(new LinkedHashMap<>(components));
  }

  /** All components. */
  public long needed() {
    return components.values().stream().mapToLong(Long::longValue).sum();
  }

  public boolean fits() {
    return needed() <= bytes;
  }
}
