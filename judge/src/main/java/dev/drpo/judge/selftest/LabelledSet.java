package dev.drpo.judge.selftest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The labelled pairs, one file per form of answer. */
public final class LabelledSet {
  private static final String FOLDER = "/dev/drpo/judge/labelled/";
  private static final String COMMENT = "# ";

  private LabelledSet() {}

  /** The names of the forms, in order. */
  public static List<String> forms() {
    return lines("forms.txt");
  }

  /** The pairs of a form. */
  public static List<LabelledPair> pairs(String form) {
    return lines(form + ".tsv").stream()
        .filter(line -> !line.startsWith(COMMENT))
        .map(LabelledPair::parse)
        .toList();
  }

  private static List<String> lines(String name) {
    try (InputStream resource = LabelledSet.class.getResourceAsStream(FOLDER + name)) {
      if (resource == null) {
        throw new IllegalStateException("the labelled set has no " + name);
      }
      return new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
