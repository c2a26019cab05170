package dev.drpo.runtime.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonParser;
import dev.drpo.runtime.json.JsonDefect.Kind;
import dev.drpo.runtime.json.JsonDefect.Place;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  private final StrictJson strict = new StrictJson();

  @Test
  void anObjectIsReadWhole() throws JsonDefect {
    assertThat(strict.object(" {\"a\": [1, {\"b\": null}], \"c\": null} ").toString())
        .isEqualTo("{\"a\":[1,{\"b\":null}],\"c\":null}");
    assertThat(strict.object("{}")).isEmpty();
  }

  @Test
  void readKeyByKeyNumbersKeepTheirDigits() throws Exception {
    List<String> read = new ArrayList<>();
    strict.read(
        "{\"a\": 1.50, \"b\": [2], \"c\": 3e2}",
        (key, json, value) -> {
          read.add(key + " " + value + " " + json.getText());
          json.skipChildren();
        });
    assertThat(read)
        .containsExactly(
            "a VALUE_NUMBER_FLOAT 1.50", "b START_ARRAY [", "c VALUE_NUMBER_FLOAT 3e2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\":1,\"a\":2}        | Duplicate field 'a'",
        "{\"a\":{\"b\":1,\"b\":2}} | Duplicate field 'b'",
        "{\"a\":1                 | expected close marker for Object",
        "{\"a\":01}               | Leading zeroes not allowed",
        "{\"a\":NaN}              | Non-standard token 'NaN'",
        "{'a':1}                  | expecting double-quote to start field name",
        "{\"a\":1,}               | expecting double-quote to start field name",
        "nonsense                 | Unrecognized token 'nonsense'",
      })
  void whatBreaksTheGrammarIsRefusedWithItsPlace(String text, String message) {
    JsonDefect whole = catchThrowableOfType(JsonDefect.class, () -> strict.object(text));
    JsonDefect byKey =
        catchThrowableOfType(
            JsonDefect.class, () -> strict.read(text, (_, json, _) -> json.skipChildren()));
    for (JsonDefect defect : List.of(whole, byKey)) {
      assertThat(defect).hasMessageContaining(message).hasMessageNotContaining("start marker");
      assertThat(defect.kind()).isEqualTo(Kind.NOT_JSON);
      assertThat(defect.place()).isPresent();
    }
  }

  @Test
  void aPlaceIsCountedFromOne() {
    JsonDefect defect =
        catchThrowableOfType(JsonDefect.class, () -> strict.object("{\"a\": 1,\n  b: 2}"));
    assertThat(defect.place()).contains(new Place(2, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "[]", "7", "null", "\"text\""})
  void onlyAnObjectWillDo(String text) {
    assertThat(catchThrowableOfType(JsonDefect.class, () -> strict.object(text)).kind())
        .isEqualTo(Kind.NOT_AN_OBJECT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{} {}", "{\"a\":1}]", "{} 7"})
  void nothingMayFollow(String text) {
    assertThat(catchThrowableOfType(JsonDefect.class, () -> strict.object(text)).kind())
        .isIn(Kind.TRAILING_TEXT, Kind.NOT_JSON);
  }

  @Test
  void nestingIsLimited() {
    String deep = "{\"a\":" + "[".repeat(2000) + "]".repeat(2000) + "}";
    assertThat(catchThrowableOfType(JsonDefect.class, () -> strict.object(deep)))
        .hasMessageContaining("nesting depth");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws JsonDefect {
    assertThat(StrictJson.text(ByteBuffer.wrap(new byte[] {(byte) 0xC3, (byte) 0xA4})))
        .isEqualTo("ä");
    ByteBuffer broken = ByteBuffer.wrap(new byte[] {'{', (byte) 0xFF, '}'});
    assertThat(catchThrowableOfType(JsonDefect.class, () -> StrictJson.text(broken)).kind())
        .isEqualTo(Kind.NOT_UTF8);
  }

  @Test
  void aReaderRefusesValuesInItsOwnWords() {
    assertThat(
            catchThrowableOfType(
                UnsupportedOperationException.class,
                () -> strict.read("{\"a\":1}", StrictJsonTest::refuse)))
        .hasMessage("a");
  }

  private static void refuse(String key, JsonParser json, Object value) {
    throw new UnsupportedOperationException(key);
  }
}
