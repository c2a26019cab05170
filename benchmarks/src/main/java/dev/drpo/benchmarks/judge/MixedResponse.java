package dev.drpo.benchmarks.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A response as a reasoning model writes it, of about 500 to 2000 characters: thoughts with
 * formulas and a box that doesn't count, then a sentence with the answer in a box.
 *
 * @param right whether the answer equals the gold
 */
record MixedResponse(AnswerForm form, String gold, String text, boolean right) {
  private static final int MIN_THOUGHT = 400;
  private static final int MAX_THOUGHT = 1850;

  private static final String[] SENTENCES = {
    "Let me set up the equation first. ",
    "We have $\\frac{a}{b} + \\frac{c}{d} = \\frac{ad + bc}{bd}$, so the numerator is what matters. ",
    "Wait, I should check the boundary case where $n = 1$. ",
    "Substituting back gives $x^2 - 5x + 6 = (x-2)(x-3)$, which is consistent. ",
    "Hmm, that doesn't look right, since the sum must be positive. ",
    "By the Pythagorean theorem, $\\sqrt{a^2 + b^2}$ is the length of the diagonal. ",
    "So far this suggests \\boxed{17}, but I have not used every condition yet. ",
    "Each of the $\\binom{n}{k}$ choices is equally likely, hence the probability follows. ",
    "Therefore the total is the sum over all cases, which I compute one by one.\n",
  };

  /**
   * Responses in the frequencies of the forms, one half of them right. The same seed gives the same
   * responses on every JDK.
   */
  static List<MixedResponse> draw(int count, long seed) {
    Random random = new Random(seed);
    List<MixedResponse> responses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      AnswerForm form = form(random);
      Pair pair = form.draw(random);
      boolean right = random.nextBoolean();
      String answer = right ? pair.equal() : pair.unequal();
      responses.add(new MixedResponse(form, pair.gold(), text(answer, random), right));
    }
    return responses;
  }

  private static AnswerForm form(Random random) {
    int total = 0;
    for (AnswerForm form : AnswerForm.values()) {
      total += form.frequency();
    }
    int drawn = random.nextInt(total);
    for (AnswerForm form : AnswerForm.values()) {
      drawn -= form.frequency();
      if (drawn < 0) {
        return form;
      }
    }
    throw new IllegalStateException("a number below the sum of all frequencies was drawn");
  }

  private static String text(String answer, Random random) {
    int length = random.nextInt(MIN_THOUGHT, MAX_THOUGHT);
    StringBuilder text = new StringBuilder(length + 300).append("<think>\n");
    while (text.length() < length) {
      text.append(SENTENCES[random.nextInt(SENTENCES.length)]);
    }
    return text.append("\n</think>\n\nPutting everything together, the final answer is $\\boxed{")
        .append(answer)
        .append("}$.")
        .toString();
  }
}
