package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Convention;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Rule;
import dev.drpo.judge.verdict.Verdict;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a text says, it says the same as itself. */
class IdenticalTextTest {
  private final Judge judge = new Judge(Limits.DEFAULT);

  @Property(tries = 2000)
  void everyTextEqualsItselfUnlessItHasNoValue(@ForAll long seed, @ForAll("styles") String style) {
    String text = text(seed);
    assertIdentical(text, text);
    if (!text.endsWith("\\")) {
      // A backslash at the end would take the delimiter's meaning away.
      assertIdentical(text, style.formatted(text));
    }
  }

  @Property(tries = 500)
  void everyTextEqualsItselfUnderEveryOptionThatForbidsNoForm(
      @ForAll long seed, @ForAll Convention.Option option) {
    String text = text(seed);
    Verdict verdict = judge.compare(text, text, Conventions.DEFAULT.with(option));
    assertThat(isSame(verdict) || verdict.evidence().rule() == Rule.UNREDUCED_FRACTION)
        .as("%s under %s: %s", text, option, verdict)
        .isTrue();
  }

  private static String text(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.nextInt(3) == 0 ? FuzzTest.ofPieces(random) : FuzzTest.ofSentences(random);
  }

  private void assertIdentical(String gold, String answer) {
    Verdict verdict = judge.compare(gold, answer, Conventions.DEFAULT);
    assertThat(isSame(verdict)).as("%s against %s: %s", gold, answer, verdict).isTrue();
  }

  /** A gold that is empty or has no value is an error of whoever asks. */
  private static boolean isSame(Verdict verdict) {
    return verdict instanceof Verdict.Equal
        || verdict.evidence().rule() == Rule.UNDEFINED_VALUE
        || verdict.evidence().rule() == Rule.EMPTY_GOLD;
  }

  @Provide
  Arbitrary<String> styles() {
    return Arbitraries.of("  %s ", "$$%s$$", "\\(%s\\)", "\\displaystyle %s");
  }
}
