package dev.drpo.policy.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.UncheckedIOException;

/**
 * JSON with the spaces that Python's {@code json} module writes: checkpoints that were written by
 * Python stay the same bytes, and prompts that show JSON stay what a policy was trained on.
 */
public final class PythonJson {
  private static final Separators SEPARATORS =
      Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);

  private static final ObjectWriter INDENTED = indentedBy(2);

  private static final ObjectWriter LINE =
      new ObjectMapper()
          .writer(
              new DefaultPrettyPrinter(
                      SEPARATORS
                          .withObjectEntrySpacing(Separators.Spacing.AFTER)
                          .withArrayValueSpacing(Separators.Spacing.AFTER)
                          .withObjectEmptySeparator("")
                          .withArrayEmptySeparator(""))
                  .withObjectIndenter(new DefaultPrettyPrinter.NopIndenter())
                  .withArrayIndenter(new DefaultPrettyPrinter.NopIndenter()));

  private PythonJson() {}

  /** As {@code json.dumps(value, indent=2)} has it. */
  public static String indented(Object value) {
    return write(INDENTED, value);
  }

  /** As {@code json.dumps(value, indent=indent, ensure_ascii=False)} has it. */
  public static String indented(Object value, int indent) {
    return write(indentedBy(indent), value);
  }

  /** As {@code json.dumps(value, ensure_ascii=False)} has it. */
  public static String line(Object value) {
    return write(LINE, value);
  }

  private static ObjectWriter indentedBy(int spaces) {
    var indenter = new DefaultIndenter(" ".repeat(spaces), "\n");
    return new ObjectMapper()
        .writer(
            new DefaultPrettyPrinter(
                    SEPARATORS.withObjectEmptySeparator("").withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter));
  }

  private static String write(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
