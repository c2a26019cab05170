package dev.drpo.benchmarks.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A response that makes naive graders hang, crash or execute it. None is right.
 *
 * @param name what is hostile about it
 */
record HostileResponse(String name, String gold, String text) {
  /** Just below the longest answer that the judge reads. */
  private static final int LONG_ANSWER = 4000;

  private static final int MEGABYTE = 1 << 20;

  /** The whole set, always the same. */
  static List<HostileResponse> all() {
    List<HostileResponse> all = new ArrayList<>();
    numbers(all);
    textbooks(all);
    expressions(all);
    structures(all);
    texts(all);
    responses(all);
    return all;
  }

  private static void numbers(List<HostileResponse> all) {
    boxed(all, "power tower", "9^9^9^9");
    boxed(all, "braced power tower", "9^{9^{9^{9^{9}}}}");
    boxed(all, "power tower with a negative exponent", "9^{-9^{9^9}}");
    boxed(all, "power tower in stars", "9**9**9**9");
    boxed(all, "deep power tower", "2^{".repeat(30) + "2" + "}".repeat(30));
    boxed(all, "fractional power of a large power", "(10^{999})^{1/7}");
    boxed(all, "large factorial", "99999999!");
    boxed(all, "nested factorials", "((20)!)!");
    boxed(all, "repeated factorials", "5" + "!".repeat(40));
    boxed(all, "large binomial", "\\binom{10^9}{5\\cdot10^8}");
    boxed(all, "quotient of large factorials", "\\frac{100000!}{99999!}");
    boxed(all, "decimal exponent", "1e999999999");
    boxed(all, "negative decimal exponent", "1e-999999999");
    boxed(all, "product of powers", repeated("10^{999}\\cdot", LONG_ANSWER) + "1");
    boxed(all, "integer of kilobytes", "7".repeat(LONG_ANSWER));
    boxed(all, "decimal of kilobytes", "0." + "3".repeat(LONG_ANSWER));
    boxed(all, "repeating decimal of kilobytes", "0.\\overline{" + "3".repeat(1900) + "}");
    boxed(all, "numeral in a base of kilobytes", "1".repeat(LONG_ANSWER) + "_7");
    pair(all, "integers that differ at the end", "7".repeat(1990) + "1", "7".repeat(1990) + "2");
  }

  private static void textbooks(List<HostileResponse> all) {
    boxed(all, "nested maxima", "\\max(x,".repeat(50) + "y" + ")".repeat(50));
    boxed(all, "nested permutations", "{}_{10}P_{".repeat(40) + "3" + "}".repeat(40));
    boxed(all, "sum of large powers", "\\sum_{k=1}^{5000}k^{50}");
    boxed(all, "endless sum of integers", "\\sum_{k=1}^{9^{9^9}}k");
    boxed(all, "integers down to one", "\\{1000,999,\\ldots,1\\}");
    pair(all, "congruence of a power", "x\\equiv x^{99}\\pmod{199}", "x\\equiv 2\\pmod{199}");
    pair(
        all,
        "continued fraction in an equation",
        "y=\\frac1x",
        "y=" + "\\frac{1}{x+".repeat(55) + "1" + "}".repeat(55));
  }

  private static void expressions(List<HostileResponse> all) {
    boxed(all, "large power of a sum", "(x+1)^{9999}");
    boxed(all, "large power in stars", "(x+1)**9999");
    pair(all, "powers of sums", "(x+y+z)^{60}", "(x+y+z)^{60}+1");
    pair(all, "powers of powers", "((x^{50}+1)^{50}+1)^{50}", "((x^{50}+1)^{50}+2)^{50}");
    boxed(all, "tower of a variable", "x^{x^{x^{x^{x}}}}");
    pair(all, "product of many sums", sums(120, 1), sums(120, 2));
    pair(all, "many variables", variables(150, "+"), variables(151, "+"));
    pair(all, "product of many variables", variables(150, ""), variables(151, ""));
    pair(all, "long polynomial", polynomial(250, 1), polynomial(250, 2));
    pair(all, "continued fraction", continued(28, 1), continued(28, 2));
    pair(all, "sums of roots", roots(40, "+2"), roots(40, "+3"));
    pair(all, "nearly equal roots", "\\sqrt{10^{60}+1}", "10^{30}");
    pair(
        all,
        "nearly equal sums of roots",
        "\\sqrt{1000001}+\\sqrt{1000025}+\\sqrt{1000031}",
        "\\sqrt{1000002}+\\sqrt{1000024}+\\sqrt{1000031}");
    pair(all, "nearly an integer", "e^{\\pi\\sqrt{163}}", "262537412640768744");
    pair(all, "nested roots", nested("\\sqrt{2+", 28, "2", "}"), nested("\\sqrt{2+", 28, "3", "}"));
    pair(all, "nested sines", nested("\\sin(", 28, "1", ")"), nested("\\sin(", 28, "2", ")"));
    pair(all, "sine of a large number", "\\sin(10^{300})", "\\cos(10^{300})");
    pair(all, "exponential of an exponential", "e^{e^{e^{e}}}", "e^{e^{e^{3}}}");
    boxed(all, "exponentials without end", nested("e^{", 28, "9", "}"));
    pair(all, "logarithm of a power tower", "\\ln(9^{9^{9}})", "9^9\\ln 10");
    pair(all, "identity of zero", "\\sin^2 x+\\cos^2 x-1+10^{-40}", "0");
    boxed(all, "division by a hidden zero", "\\frac{1}{\\sqrt{2}\\sqrt{3}-\\sqrt{6}}");
    boxed(all, "large complex power", "(1+i)^{99999}");
    boxed(all, "long sum", repeated("1+", LONG_ANSWER) + "1");
    boxed(all, "many signs", "-".repeat(LONG_ANSWER) + "6");
    boxed(all, "long chain of fractions", "1" + "/2".repeat(1900));
  }

  private static void structures(List<HostileResponse> all) {
    boxed(all, "deep braces", "{".repeat(1900) + "6" + "}".repeat(1900));
    boxed(all, "deep parentheses", "(".repeat(1900) + "6" + ")".repeat(1900));
    boxed(all, "deep fractions", nested("\\frac{1}{1+", 300, "x", "}"));
    boxed(all, "deep sets", nested("\\{", 60, "1", "\\}"));
    boxed(all, "deep absolute values", "|".repeat(1000) + "6" + "|".repeat(1000));
    boxed(all, "many plus-minus signs", repeated("1\\pm", 120) + "1");
    pair(
        all, "plus-minus against itself", repeated("1\\pm", 60) + "1", repeated("1\\pm", 60) + "2");
    pair(all, "long lists in reverse", numbers(0, 900, 1), numbers(899, 900, -1) + ",1");
    pair(all, "lists of roots", rootList(0, 100), rootList(1, 100));
    pair(all, "lists of expressions", expressionList(0, 120), expressionList(1, 120));
    pair(all, "set of equal elements", "1" + ",1".repeat(900), "1" + ",1".repeat(899) + ",2");
    pair(all, "union of many intervals", intervals(150, 0), intervals(150, 1));
    pair(all, "large matrices", matrix(25, 1), matrix(25, 2));
    boxed(all, "ragged matrix", "\\begin{pmatrix}1&2\\\\3\\end{pmatrix}");
    boxed(all, "unclosed matrix", "\\begin{pmatrix}" + repeated("1&", LONG_ANSWER - 40));
    boxed(all, "long tuple", "(" + numbers(0, 900, 1) + ")");
    boxed(all, "chain of equations", repeated("x=", LONG_ANSWER) + "6");
    boxed(all, "chain of inequalities", repeated("x<", LONG_ANSWER) + "6");
    boxed(all, "many alternatives", repeated("5\\text{ or }", LONG_ANSWER) + "6");
  }

  private static void texts(List<HostileResponse> all) {
    boxed(all, "code that imports", "__import__('os').system('sleep 100')");
    boxed(all, "code that opens a file", "open('/etc/passwd').read()");
    boxed(all, "code that loops", "exec('while True: pass')");
    boxed(all, "string formatting", "{0.__class__.__mro__}%s%n${jndi:ldap://x}");
    boxed(all, "words without end", repeated("lorem ipsum ", LONG_ANSWER));
    boxed(all, "letters without end", "a".repeat(LONG_ANSWER));
    boxed(all, "backslashes", "\\\\".repeat(1900));
    boxed(all, "unknown commands", repeated("\\foo", LONG_ANSWER));
    boxed(all, "invisible characters", "\u200B".repeat(LONG_ANSWER - 10) + "6");
    boxed(all, "control characters", "\u0000\u0001\u001B[2J".repeat(300));
    boxed(all, "lone surrogates", "\uD835".repeat(LONG_ANSWER));
    boxed(all, "right-to-left marks", "\u202E5".repeat(1000));
    boxed(all, "superscripts", "2" + "\u2079".repeat(1000));
    boxed(all, "roots in Unicode", "\u221A".repeat(LONG_ANSWER) + "2");
    boxed(all, "fractions in Unicode", "\u00BD".repeat(LONG_ANSWER));
    boxed(all, "separators without digits", ",".repeat(LONG_ANSWER));
    boxed(all, "dollar signs", "$".repeat(LONG_ANSWER));
    boxed(all, "percent signs", "6" + "\\%".repeat(1900));
    boxed(all, "answer over the limit", "5+".repeat(20_000) + "5");
  }

  private static void responses(List<HostileResponse> all) {
    String box = "</think>\\boxed{6}";
    all.add(new HostileResponse("megabyte of prose", "5", fill("words and words ", box)));
    all.add(new HostileResponse("megabyte of boxes", "5", fill("</think>\\boxed{6}", box)));
    all.add(new HostileResponse("megabyte of open boxes", "5", "</think>" + fill("\\boxed{", "6")));
    all.add(new HostileResponse("megabyte of open braces", "5", "</think>" + fill("{", box)));
    all.add(new HostileResponse("megabyte of closing braces", "5", "</think>" + fill("}", box)));
    all.add(new HostileResponse("megabyte of backslashes", "5", "</think>" + fill("\\", box)));
    all.add(new HostileResponse("megabyte of think tags", "5", fill("<think>", box)));
    all.add(new HostileResponse("megabyte of think ends", "5", fill("</think>", box)));
    all.add(
        new HostileResponse(
            "megabyte in the box",
            "5",
            "</think>\\boxed{" + "1+".repeat(MEGABYTE / 2 - 40) + "1}"));
    all.add(new HostileResponse("more than is searched", "5", "x".repeat(2 * MEGABYTE) + box));
    all.add(new HostileResponse("nothing at all", "5", ""));
  }

  private static void boxed(List<HostileResponse> all, String name, String answer) {
    pair(all, name, "5", answer);
  }

  private static void pair(List<HostileResponse> all, String name, String gold, String answer) {
    all.add(
        new HostileResponse(
            name, gold, "<think>This is hard.</think> The answer is \\boxed{" + answer + "}."));
  }

  /** A text of a megabyte that ends with {@code last}. */
  private static String fill(String part, String last) {
    return part.repeat((MEGABYTE - last.length() - 20) / part.length()) + last;
  }

  private static String repeated(String part, int length) {
    return part.repeat(length / part.length() - 1);
  }

  private static String nested(String open, int depth, String core, String close) {
    return open.repeat(depth) + core + close.repeat(depth);
  }

  private static String continued(int depth, int last) {
    return "1+\\frac{1}{".repeat(depth) + last + "}".repeat(depth);
  }

  private static String sums(int count, int first) {
    return "(x+" + first + ")" + joined(1, count, i -> "(x+" + i + ")", "");
  }

  private static String variables(int count, String operator) {
    return joined(1, count, i -> "a_{" + i + "}", operator);
  }

  private static String polynomial(int degree, int constant) {
    return joined(1, degree, i -> i + "x^{" + i + "}", "+") + "+" + constant;
  }

  private static String roots(int count, String last) {
    return joined(2, count, i -> "\\sqrt{" + (i * i + 1) + "}", "+") + last;
  }

  private static String rootList(int shift, int count) {
    return joined(1, count, i -> "\\sqrt{" + (i + shift) + "}", ",");
  }

  private static String expressionList(int shift, int count) {
    return joined(1, count, i -> "(x+" + (i + shift) + ")^2", ",");
  }

  private static String numbers(int from, int count, int step) {
    return joined(0, count - 1, i -> Integer.toString(from + i * step), ",");
  }

  private static String intervals(int count, int shift) {
    return joined(1, count, i -> "(" + 3 * i + "," + (3 * i + 1 + shift) + ")", "\\cup");
  }

  private static String matrix(int size, int last) {
    String row = "1" + "&2".repeat(size - 1);
    return "\\begin{pmatrix}"
        + (row + "\\\\").repeat(size - 1)
        + "1"
        + "&2".repeat(size - 2)
        + "&"
        + last
        + "\\end{pmatrix}";
  }

  private static String joined(int from, int to, IntFunction<String> element, String separator) {
    return IntStream.rangeClosed(from, to).mapToObj(element).collect(Collectors.joining(separator));
  }
}
