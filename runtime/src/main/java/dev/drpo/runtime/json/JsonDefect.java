package dev.drpo.runtime.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a text is not the one JSON object that it should be. Its reader says what the text is, and
 * what to do about it; the message says what the parser found.
 */
public final class JsonDefect extends Exception {
  private static final long serialVersionUID = 1L;

  /** What the parser adds about a source that has no name. */
  private static final Pattern SOURCE = Pattern.compile(" \\(start marker at .*?\\]\\)");

  private final Kind kind;
  private final transient Optional<Place> place;

  /** What is wrong. */
  public enum Kind {
    /** The bytes are not UTF-8. */
    NOT_UTF8,
    /** The text breaks JSON's grammar, or an object in it has a key twice. */
    NOT_JSON,
    /** The text is empty, or another value than an object. */
    NOT_AN_OBJECT,
    /** Something follows the object. */
    TRAILING_TEXT
  }

  /** Where the parser stopped, counted from 1. */
  public record Place(int line, int column) {}

  JsonDefect(Kind kind, String message) {
    super(message);
    this.kind = kind;
    this.place = Optional.empty();
  }

  JsonDefect(JsonProcessingException e) {
    super(SOURCE.matcher(e.getOriginalMessage()).replaceAll(""), e);
    this.kind = Kind.NOT_JSON;
    this.place = Optional.ofNullable(e.getLocation()).map(JsonDefect::place);
  }

  private static Place place(JsonLocation location) {
    return new Place(location.getLineNr(), location.getColumnNr());
  }

  public Kind kind() {
    return kind;
  }

  /** What is wrong with the body of a request, and how to mend it. */
  public String ofBody() {
    return switch (kind) {
      case NOT_UTF8 -> "the body is not UTF-8; send JSON in UTF-8";
      case NOT_JSON ->
          "the body is not valid JSON: "
              + getMessage()
              + place
                  .map(at -> " (line %d, column %d)".formatted(at.line(), at.column()))
                  .orElse("");
      case NOT_AN_OBJECT -> "the body holds no JSON object; send one, in braces";
      case TRAILING_TEXT -> "the body goes on after its JSON object; send one alone";
    };
  }

  /** Where the grammar is broken; nesting too deep has no place. */
  public Optional<Place> place() {
    return place;
  }
}
