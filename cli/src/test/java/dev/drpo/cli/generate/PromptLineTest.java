package dev.drpo.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.policy.text.ChatMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptLineTest {
  @Test
  void aTextIsAPrompt() throws MalformedLine {
    assertThat(read("{'id':'a','prompt':'½ of','gold':7}"))
        .isEqualTo(new PromptLine.Named(new LineId.Name("a"), new Prompt.Text("½ of")));
  }

  @Test
  void aLineOfADataSetIsAPrompt() throws MalformedLine {
    assertThat(
            read(
                "{'id':7,'messages':[{'role':'system','content':'s'},{'role':'user','name':['n'],"
                    + "'content':'u'}],'gold':'1','metadata':{'operations':2}}"))
        .isEqualTo(
            new PromptLine.Named(
                new LineId.Numeral("7"),
                new Prompt.Conversation(
                    List.of(new ChatMessage("system", "s"), new ChatMessage("user", "u")))));
  }

  @Test
  void tokensAreAPromptAndALineWithoutIdentifierIsNamedByItsNumber() throws MalformedLine {
    PromptLine.Named named = read("{'tokens':[3,15,0]}");

    assertThat(named.id()).isEqualTo(new LineId.Numeral("5"));
    assertThat(named.prompt())
        .isInstanceOfSatisfying(
            Prompt.Tokens.class, prompt -> assertThat(prompt.tokens()).containsExactly(3, 15, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense                             | it is not JSON",
        "{}                                   | it has no prompt (or messages, or tokens)",
        "{'prompt':'a','tokens':[1]}          | it has several of prompt, messages and tokens",
        "{'prompt':['a']}                     | prompt must be a string",
        "{'prompt':null}                      | prompt must be a string",
        "{'tokens':[16]}                      | the policy knows ids from 0 to 15",
        "{'messages':'hello'}                 | messages must be a list of objects",
        "{'messages':[]}                      | messages is empty",
        "{'messages':['hello']}               | messages[0] must be an object with role and",
        "{'messages':[{'role':'user'}]}       | messages[0] must have role and content",
        "{'messages':[{'content':'a'}]}       | messages[0] must have role and content",
        "{'messages':[{'role':'tool','content':'a'}]} | messages[0].role is 'tool'; it must be one",
        "{'messages':[{'role':'user','content':[]}]}  | messages[0].content must be a string",
        "{'messages':[{'role':'user','content':null}]}| messages[0].content must be a string",
      })
  void aLineWithoutAPromptSaysWhy(String line, String error) {
    assertThatExceptionOfType(MalformedLine.class)
        .isThrownBy(() -> read(line))
        .withMessageContaining(error);
  }

  @Test
  void aLineThatIsTooLongSaysSo() {
    assertThatExceptionOfType(MalformedLine.class)
        .isThrownBy(() -> PromptLine.read(new InputLine.TooLong(1), 16))
        .withMessage("it is longer than 8,388,608 bytes");
  }

  private static PromptLine.Named read(String line) throws MalformedLine {
    ByteBuffer utf8 = ByteBuffer.wrap(line.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    return PromptLine.read(new InputLine.Text(5, utf8), 16);
  }
}
