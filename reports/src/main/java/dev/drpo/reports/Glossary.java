package dev.drpo.reports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one place that defines every number of {@code report.json} and {@code metrics.jsonl}. The
 * definitions lie in {@code glossary.txt}: a section in brackets, then lines {@code name | unit |
 * tag | definition}.
 */
public final class Glossary {
  /** Which record the names belong to; the same name may mean another thing in another record. */
  public enum Section {
    /** {@link RunReport}. */
    RUN("Run", "report.json"),
    /** {@link Evaluation}. */
    EVALUATION("Evaluation", "report.json, before, after and evaluations"),
    /** {@link PolicyEvaluation}. */
    EVALUATIONS("Evaluations", "evaluations.jsonl; report.json, evaluations"),
    /** {@link RunCounts.Groups}. */
    GROUPS("Groups", "report.json, groups"),
    /** {@link RunRepeatability}. */
    REPEATABILITY("Repeatability", "report.json, repeatability"),
    /** {@link StepMetrics}. */
    STEP("Training step", "metrics.jsonl");

    private final String title;
    private final String place;

    Section(String title, String place) {
      this.title = title;
      this.place = place;
    }

    public String title() {
      return title;
    }

    /** The file, and the key inside it, where the names occur. */
    public String place() {
      return place;
    }
  }

  /**
   * One definition.
   *
   * @param unit empty where there is none
   * @param tag what trackers call it, after their custom of a family and a name; empty where they
   *     don't get it
   */
  public record Entry(String name, String unit, String tag, String definition) {}

  private static final Map<Section, List<Entry>> ENTRIES = load();

  private Glossary() {}

  /** The definitions of a section, in the order of its record. */
  public static List<Entry> of(Section section) {
    return ENTRIES.get(section);
  }

  private static Map<Section, List<Entry>> load() {
    Map<Section, List<Entry>> entries = new LinkedHashMap<>();
    for (String chapter : text().split("(?m)^\\[", -1)) {
      if (chapter.isBlank()) {
        continue;
      }
      String[] titleAndLines = chapter.split("]\n", 2);
      entries.put(
          Section.valueOf(titleAndLines[0]),
          titleAndLines[1].lines().filter(line -> !line.isBlank()).map(Glossary::entry).toList());
    }
    return entries;
  }

  private static Entry entry(String line) {
    String[] parts = line.split("\\|", 4);
    return new Entry(parts[0].strip(), parts[1].strip(), parts[2].strip(), parts[3].strip());
  }

  private static String text() {
    try (InputStream in = Glossary.class.getResourceAsStream("glossary.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
