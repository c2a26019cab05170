package dev.drpo.judge;

import java.util.SplittableRandom;

/** Draws sentences of the notation of textbooks, with now and then a piece out of place. */
final class FuzzNotation {
  private static final String[] ATOMS = {
    "1",
    "2",
    "7",
    "12 345",
    "0.333\\ldots",
    "0.1\\dot6",
    "x",
    "n",
    "k",
    "y'",
    "\\dot x",
    "a_n",
    "\\hbar",
    "\\frac{dy}{dx}",
    "\\pi",
    "\\infty",
    "i",
    "f(x)",
    "\\mathbf i",
    "\\mathbf j",
    "m_{\\max}",
    "7!!",
    "{}_{10}C_3",
    "\\overline{3+4i}",
    "\\overline{AB}",
    "5\\text{ N}",
    "3\\text{ kg m/s}^2",
    "20^\\circ\\text{C}",
    "30^\\circ15'",
    "3:30\\text{ pm}",
    "∛8",
    "µ",
    "\\mathcal{O}",
    "--5",
    "1a_{16}"
  };
  private static final String[] SETS = {
    "\\mathbb{Z}",
    "\\mathbb{N}",
    "\\mathbb{Q}",
    "\\mathbb{R}",
    "\\mathbb{C}",
    "\\mathbb{Z}^+",
    "\\mathbb{R}_{\\ge0}",
    "\\emptyset",
    "\\{1,2,3,\\ldots\\}",
    "\\text{all real numbers except }2"
  };
  private static final String[] STRAYS = {
    "\\pmod",
    "\\bmod 5",
    "\\equiv",
    "\\notin",
    "\\forall",
    "\\sum_{",
    "\\lim_{x\\to",
    "\\int_0^1",
    "dx",
    "\\det",
    "\\begin{cases}",
    "\\end{cases}",
    "\\begin{aligned}",
    "\\end{aligned}",
    "\\\\",
    "&",
    "\\tag{1}",
    "**",
    "\\hat",
    "\\{",
    "\\}",
    "|",
    "'",
    "\\mid",
    "\\text{ if }",
    "\\max",
    "\\gcd(",
    "\\ldots",
    "\\Re"
  };

  private FuzzNotation() {}

  static String text(SplittableRandom random) {
    return answer(random, 3);
  }

  private static String pick(String[] from, SplittableRandom random) {
    return from[random.nextInt(from.length)];
  }

  private static String scalar(SplittableRandom random, int depth) {
    if (random.nextInt(40) == 0) {
      return pick(STRAYS, random);
    }
    if (depth == 0) {
      return pick(ATOMS, random);
    }
    String one = scalar(random, depth - 1);
    String other = scalar(random, random.nextInt(depth));
    return switch (random.nextInt(16)) {
      case 0 -> one + "+" + other;
      case 1 -> "(" + one + ")(" + other + ")";
      case 2 -> "\\frac{" + one + "}{" + other + "}";
      case 3 -> "|" + one + "|";
      case 4 -> "\\sum_{k=1}^{" + random.nextInt(40) + "}" + one;
      case 5 -> "\\prod_{k=1}^{n}" + one;
      case 6 -> "\\sum_{n=0}^\\infty" + one;
      case 7 -> "\\lim_{x\\to " + other + "}" + one;
      case 8 -> "\\int_0^{" + other + "}" + one + "\\,dx";
      case 9 -> "\\max(" + one + "," + other + ")";
      case 10 -> "\\gcd(" + random.nextInt(99) + "," + random.nextInt(99) + ")";
      case 11 -> "\\binom{" + one + "}{" + other + "}";
      case 12 -> "\\begin{vmatrix}" + one + "&" + other + "\\\\1&x\\end{vmatrix}";
      case 13 -> "\\operatorname{Re}(" + one + ")";
      case 14 -> "(" + one + ")^" + random.nextInt(5);
      default -> one + "-" + other;
    };
  }

  private static String set(SplittableRandom random, int depth) {
    if (depth == 0) {
      return pick(SETS, random);
    }
    String one = set(random, depth - 1);
    return switch (random.nextInt(9)) {
      case 0 -> one + "\\cup " + set(random, depth - 1);
      case 1 -> one + "\\cap " + set(random, depth - 1);
      case 2 -> one + "\\setminus " + set(random, depth - 1);
      case 3 -> "[" + scalar(random, 1) + "," + scalar(random, 1) + ")";
      case 4 -> "\\{x\\in " + one + ":" + relation(random, 2) + "\\}";
      case 5 -> "\\{" + scalar(random, 2) + ":n\\in\\mathbb{Z}\\}";
      case 6 -> "\\{" + scalar(random, 1) + "," + scalar(random, 1) + ",\\ldots\\}";
      case 7 -> "\\{x:" + relation(random, 2) + "\\}";
      default -> "(" + one + ")";
    };
  }

  private static String relation(SplittableRandom random, int depth) {
    String sign = pick(new String[] {"<", "\\le ", ">", "=", "\\ne ", "\\equiv "}, random);
    return scalar(random, depth) + sign + scalar(random, depth - 1);
  }

  private static String answer(SplittableRandom random, int depth) {
    String one = scalar(random, depth);
    return switch (random.nextInt(12)) {
      case 0 -> set(random, depth);
      case 1 -> relation(random, depth);
      case 2 -> relation(random, depth - 1) + "\\pmod{" + random.nextInt(300) + "}";
      case 3 -> one + ", n\\in\\mathbb{Z}";
      case 4 ->
          "\\begin{cases}"
              + one
              + "&"
              + relation(random, 1)
              + "\\\\1&\\text{otherwise}\\end{cases}";
      case 5 -> "\\begin{aligned}x&=" + one + "\\\\y&=2\\end{aligned}";
      case 6 -> "\\begin{pmatrix}" + one + "&1\\\\2&x\\end{pmatrix}^" + random.nextInt(4);
      case 7 -> "\\det\\begin{pmatrix}" + one + "&1\\\\2&x\\end{pmatrix}+1";
      case 8 -> "x\\in " + set(random, depth);
      case 9 -> "f(x)=" + one;
      default -> one;
    };
  }
}
