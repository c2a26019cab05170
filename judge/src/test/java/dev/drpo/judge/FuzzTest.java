package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A million texts that nobody would write. A failure names the seed that reproduces it. */
class FuzzTest {
  private static final int TEXTS = 1_000_000;

  /** {@code -Djudge.fuzz.notations=200000} runs for a minute. */
  private static final int NOTATIONS = Integer.getInteger("judge.fuzz.notations", 20_000);

  private static final long SEED = 20_251_004;

  private static final String[] PIECES = {
    "0",
    "1",
    "2",
    "7",
    "10",
    "12",
    "100",
    "3.5",
    ".25",
    "1,234",
    "x",
    "y",
    "k",
    "e",
    "i",
    "ab",
    "n_1",
    "\\pi",
    "\\theta",
    "+",
    "-",
    "*",
    "/",
    "^",
    "^2",
    "^{-1}",
    "_",
    "!",
    "=",
    "<",
    "\\le ",
    ">",
    "\\ne ",
    "\\pm ",
    "\\mp ",
    ",",
    ";",
    ":",
    ".",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\\{",
    "\\}",
    "|",
    "\\left(",
    "\\right)",
    "\\frac",
    "\\frac{1}{2}",
    "\\frac12",
    "\\sqrt",
    "\\sqrt{2}",
    "\\sqrt[3]{",
    "\\sin ",
    "\\cos",
    "\\tan^{-1}",
    "\\ln ",
    "\\log_2 ",
    "\\binom{5}{2}",
    "\\cup ",
    "\\cap ",
    "\\setminus",
    "\\in ",
    "\\infty",
    "\\mathbb{R}",
    "\\emptyset",
    "\\begin{pmatrix}",
    "\\end{pmatrix}",
    "&",
    "\\\\",
    "\\text{",
    "\\text{ cm}",
    "\\text{ and }",
    "\\mathrm{",
    "^\\circ",
    "\\%",
    "\\$",
    " ",
    "\\,",
    "\\!",
    "{,}",
    "_8",
    "_{16}",
    "\u221A",
    "\u00BD",
    "\u00B2",
    "\u2212",
    "\u221E",
    "\u222A",
    "\uFF11",
    "\u200B",
    "odd",
    " meters",
    "or",
    "\\overline{3}",
    "\\lfloor ",
    "\\rfloor ",
    "\\cdot ",
    "\\boxed{",
    "\\",
    "$"
  };

  private final Judge judge = new Judge(Limits.DEFAULT);

  private enum Kind {
    READ,
    UNREAD
  }

  @Test
  void aMillionTextsAreJudgedWithoutExceptionOrBreachOfTheBudget() {
    List<Function<SplittableRandom, String>> generators =
        List.of(FuzzTest::ofPieces, FuzzTest::ofPieces, FuzzTest::ofSentences, FuzzTest::ofBytes);
    Map<Kind, Long> verdicts =
        IntStream.range(0, TEXTS)
            .parallel()
            .mapToObj(
                i -> {
                  long seed = SEED + i;
                  SplittableRandom random = new SplittableRandom(seed);
                  String text = generators.get(i % generators.size()).apply(random);
                  return check(text, random, seed);
                })
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    // The fuzz reaches behind the parser, or it would show little.
    assertThat(verdicts.get(Kind.READ)).isGreaterThan(TEXTS / 20);
    assertThat(verdicts.get(Kind.UNREAD)).isGreaterThan(TEXTS / 20);
  }

  /** The notation of textbooks: sets, families, congruences, series, units, environments. */
  @Test
  void textsOfTextbooksAreJudgedWithoutExceptionOrBreachOfTheBudget() {
    long read =
        IntStream.range(0, NOTATIONS)
            .parallel()
            .filter(
                i -> {
                  SplittableRandom random = new SplittableRandom(SEED - 1 - i);
                  return check(FuzzNotation.text(random), random, SEED - 1 - i) == Kind.READ;
                })
            .count();
    assertThat(read).isGreaterThan(NOTATIONS / 20);
  }

  private Kind check(String text, SplittableRandom random, long seed) {
    String other = random.nextInt(4) == 0 ? ofPieces(random) : text + " ";
    Verdict verdict;
    try {
      verdict =
          random.nextInt(8) == 0
              ? judge.judge(
                  "<think>x</think>" + text + "\\boxed{" + text + "}",
                  List.of(other),
                  Conventions.DEFAULT)
              : judge.compare(other, text, Conventions.DEFAULT);
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("seed " + seed + ": " + text + " against " + other, e);
    }
    assertThat(verdict.evidence().steps())
        .as("seed %d", seed)
        .isLessThanOrEqualTo(Limits.DEFAULT.steps());
    boolean read = verdict instanceof Verdict.Equal || verdict instanceof Verdict.NotEqual;
    return read ? Kind.READ : Kind.UNREAD;
  }

  static String ofPieces(SplittableRandom random) {
    int pieces = 1 + random.nextInt(12);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  /** Sentences of the grammar, with now and then a piece out of place. */
  static String ofSentences(SplittableRandom random) {
    return sentence(random, 4);
  }

  private static String sentence(SplittableRandom random, int depth) {
    if (random.nextInt(60) == 0) {
      return PIECES[random.nextInt(PIECES.length)];
    }
    if (depth == 0) {
      return random.nextBoolean()
          ? Integer.toString(random.nextInt(2000))
          : String.valueOf("xyzabkn".charAt(random.nextInt(7)));
    }
    String one = sentence(random, depth - 1 - random.nextInt(depth));
    String other = sentence(random, random.nextInt(depth));
    return switch (random.nextInt(16)) {
      case 0 -> one + " + " + other;
      case 1 -> one + "-" + other;
      case 2 -> "\\frac{" + one + "}{" + other + "}";
      case 3 -> "(" + one + ")^{" + other + "}";
      case 4 -> "\\sqrt{" + one + "}";
      case 5 -> "(" + one + ")(" + other + ")";
      case 6 -> "(" + one + ", " + other + ")";
      case 7 -> "[" + one + ", " + other + ")";
      case 8 -> one + ", " + other;
      case 9 -> "\\{" + one + ", " + other + "\\}";
      case 10 -> one + " = " + other;
      case 11 -> one + " \\le " + other;
      case 12 -> "(" + one + ")!";
      case 13 -> "\\sin(" + one + ")";
      case 14 -> one + " \\pm " + other;
      default -> "\\begin{pmatrix}" + one + " & " + other + "\\end{pmatrix}";
    };
  }

  private static String ofBytes(SplittableRandom random) {
    int length = random.nextInt(60);
    StringBuilder text = new StringBuilder(length);
    int range = random.nextBoolean() ? 128 : 0x3000;
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(range));
    }
    return text.toString();
  }
}
