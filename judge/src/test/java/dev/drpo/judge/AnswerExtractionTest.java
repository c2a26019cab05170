package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Convention;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.verdict.Rule;
import org.junit.jupiter.api.Test;

class AnswerExtractionTest {

  @Test
  void theLastBoxOfTheAnswerPartWins() {
    assertFound("</think> \\boxed{1}, no, \\boxed{2}", "2");
    assertFound("</think> \\boxed{1} and \\fbox{2}", "2");
    assertFound("</think> \\fbox{2} and \\boxed {1}", "1");
  }

  @Test
  void textInsideThinkNeverCounts() {
    assertMissing("<think> \\boxed{5} </think> It is 5.", Rule.NO_BOX);
    assertFound("<think> \\boxed{4} </think> \\boxed{5}", "5");
    assertFound("a </think> \\boxed{4} <think> b </think> \\boxed{5}", "5");
    assertFound("</think> \\boxed{5} <think> or rather \\boxed{6}", "5");
    assertMissing("</think> <think> \\boxed{6}", Rule.NO_BOX);
  }

  @Test
  void aResponseThatNeverEndsItsReasoningHasNoAnswerWhereThatIsRequired() {
    assertMissing("\\boxed{5}", Rule.NO_THINK_END);
    assertMissing("<think> \\boxed{5}", Rule.NO_THINK_END);
  }

  @Test
  void aResponseWithoutReasoningIsAllAnswerWhereThatIsAllowed() {
    assertThat(
            AnswerExtraction.find(
                "\\boxed{5}", Conventions.DEFAULT.with(Convention.Option.THINK_OPTIONAL)))
        .isEqualTo(new Extraction.Found("5"));
    assertThat(
            AnswerExtraction.find(
                "<think> \\boxed{5}", Conventions.DEFAULT.with(Convention.Option.THINK_OPTIONAL)))
        .isEqualTo(new Extraction.Missing(Rule.NO_BOX));
  }

  @Test
  void bracesAreMatched() {
    assertFound("</think> \\boxed{\\frac{1}{2}} }", "\\frac{1}{2}");
    assertFound("</think> the set { and \\boxed{5}", "5");
    assertFound("</think> } } \\boxed{5}", "5");
    assertFound("</think> \\boxed{\\{5\\}}", "\\{5\\}");
    assertFound("</think> \\boxed{\\text{a \\} b}}", "\\text{a \\} b}");
  }

  @Test
  void theOutermostOfNestedBoxesCounts() {
    assertFound("</think> \\boxed{5 or \\boxed{6}}", "5 or \\boxed{6}");
  }

  @Test
  void anUnfinishedBoxIsNone() {
    assertMissing("</think> \\boxed{5", Rule.NO_BOX);
    assertMissing("</think> \\boxed", Rule.NO_BOX);
    assertMissing("</think> \\boxed{5\\", Rule.NO_BOX);
    assertFound("</think> \\boxed{5} or \\boxed{6", "5");
  }

  @Test
  void otherCommandsAndEmptyBoxesAreNoAnswer() {
    assertMissing("</think> \\boxedanswer{5}", Rule.NO_BOX);
    assertMissing("</think> \\\\boxed{5}", Rule.NO_BOX);
    assertMissing("</think> \\boxed{ \n }", Rule.EMPTY_BOX);
  }

  @Test
  void conventionsSayWhatSeveralBoxesMean() {
    Conventions all = Conventions.DEFAULT.with(Convention.Option.BOXES_ALL);
    Conventions one = Conventions.DEFAULT.with(Convention.Option.BOXES_ONE);
    String several = "</think> \\boxed{5}, then \\boxed{ \\boxed{6} }";
    assertFound(several, " \\boxed{6} ");
    assertThat(AnswerExtraction.find(several, all))
        .isEqualTo(new Extraction.Found("5,  \\boxed{6} "));
    assertThat(AnswerExtraction.find(several, one))
        .isEqualTo(new Extraction.Missing(Rule.SEVERAL_BOXES));
    assertThat(AnswerExtraction.find("</think> \\boxed{5} is \\boxed{ 5 }", one))
        .isEqualTo(new Extraction.Found(" 5 "));
  }

  @Test
  void whiteSpaceMayStandBeforeTheBrace() {
    assertFound("</think> \\boxed\n {5}", "5");
  }

  @Test
  void aBoxThatLostItsBackslashOnTheWayIsToldFromNone() {
    assertMissing("</think> \boxed{5}", Rule.MANGLED_BOX);
  }

  private static void assertFound(String response, String answer) {
    assertThat(AnswerExtraction.find(response, Conventions.DEFAULT))
        .isEqualTo(new Extraction.Found(answer));
  }

  private static void assertMissing(String response, Rule rule) {
    assertThat(AnswerExtraction.find(response, Conventions.DEFAULT))
        .isEqualTo(new Extraction.Missing(rule));
  }
}
