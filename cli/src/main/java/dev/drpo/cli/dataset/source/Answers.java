package dev.drpo.cli.dataset.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.judge.Boxes;
import dev.drpo.problems.DataException;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes golds of what sources give as answers. */
final class Answers {
  /** Before the answer of a worked solution in GSM8K's form. */
  private static final String GSM8K_MARK = "####";

  private Answers() {}

  /**
   * The right answers, none of them blank and none twice; none at all if the source gives none.
   *
   * @param place for a message, such as "row 3 of a.json, field answer"
   * @throws DataException if the value is none that an answer can be read from
   */
  static List<String> golds(JsonNode answer, boolean solution, String place) {
    Set<String> golds = new LinkedHashSet<>();
    if (answer.isArray()) {
      answer.forEach(item -> golds.add(gold(item, solution, place)));
    } else {
      golds.add(gold(answer, solution, place));
    }
    golds.remove("");
    return List.copyOf(golds);
  }

  private static String gold(JsonNode value, boolean solution, String place) {
    if (!RowPaths.isValue(value)) {
      return "";
    }
    if (value.isNumber()) {
      return number(value);
    }
    if (!value.isTextual()) {
      throw new DataException(
          "%s is %s; an answer is a text, a number or a list of these: name another field with"
                  .formatted(place, shown(value))
              + " --answer-field");
    }
    String text = value.asText();
    return solution ? lastBox(text) : behindMark(text).strip();
  }

  /**
   * A number as it is written, without the exponent and without the {@code .0} that tables put
   * behind whole numbers.
   */
  static String number(JsonNode value) {
    BigDecimal number =
        value.isBigDecimal() ? value.decimalValue() : new BigDecimal(value.asText());
    boolean whole =
        number.scale() == 1
            && number.unscaledValue().remainder(BigDecimal.TEN.toBigInteger()).signum() == 0;
    return (whole ? number.setScale(0) : number).toPlainString();
  }

  private static String behindMark(String text) {
    int mark = text.lastIndexOf(GSM8K_MARK);
    return mark < 0 ? text : text.substring(mark + GSM8K_MARK.length());
  }

  private static String lastBox(String text) {
    List<String> boxes = Boxes.in(text, 0, text.length()).contents();
    return boxes.isEmpty() ? "" : boxes.getLast().strip();
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return value.getNodeType().name().toLowerCase(Locale.ROOT)
        + " "
        + (text.length() <= 60 ? text : text.substring(0, 60) + "…");
  }
}
