package dev.drpo.reports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.reports.Glossary.Section;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The numbers of a record under the names that trackers have for them ({@link Glossary}). */
public final class TaggedNumbers {
  private TaggedNumbers() {}

  /** The finite numbers of a step, in the glossary's order. */
  public static Map<String, Double> of(StepMetrics step) {
    return finite(Section.STEP, ReportJson.MAPPER.valueToTree(step));
  }

  /** The finite numbers of an evaluation, in the glossary's order. */
  public static Map<String, Double> of(Evaluation evaluation) {
    return finite(Section.EVALUATION, ReportJson.MAPPER.valueToTree(evaluation));
  }

  /**
   * The tag of a number of a section.
   *
   * @param name its component's
   * @throws IllegalArgumentException if there is none
   */
  public static String tag(Section section, String name) {
    return Glossary.of(section).stream()
        .filter(entry -> entry.name().equals(name) && !entry.tag().isEmpty())
        .findFirst()
        .map(Glossary.Entry::tag)
        .orElseThrow(() -> new IllegalArgumentException(name + " has no tag in the glossary"));
  }

  private static Map<String, Double> finite(Section section, JsonNode record) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (Glossary.Entry entry : Glossary.of(section)) {
      JsonNode value = record.path(entry.name());
      if (entry.tag().isEmpty()) {
        continue;
      }
      number(value).ifPresent(number -> numbers.put(entry.tag(), number));
      // By k, as passAtK is.
      value
          .properties()
          .forEach(
              one ->
                  number(one.getValue())
                      .ifPresent(number -> numbers.put(entry.tag() + "_" + one.getKey(), number)));
    }
    return numbers;
  }

  private static Optional<Double> number(JsonNode value) {
    return value.isNumber() ? Optional.of(value.doubleValue()) : Optional.empty();
  }
}
