package dev.drpo.cli.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.cli.task.ArithmeticProblem.Step;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TraceWriterTest {
  private static final ArithmeticProblem EXAMPLE =
      new ArithmeticProblem(
          12,
          List.of(
              new Step(Operator.MULTIPLY, 3),
              new Step(Operator.ADD, 9),
              new Step(Operator.MULTIPLY, 3)));
  private static final Pattern WRITTEN_STEP = Pattern.compile("(\\d+) ([+*-]) (\\d) = (\\d+) ;");

  @Test
  void plainAndPairedAndDirectTracesReadAsDocumented() {
    var writer = new TraceWriter(TraceMix.FOUNDATION, new Random(0));
    assertThat(writer.write(EXAMPLE, TraceStyle.PLAIN).text())
        .isEqualTo("<think> a 12 * 3 = 16 ; b 16 + 9 = 5 ; c 5 * 3 = 15 ; </think> \\boxed{ 15 }");
    assertThat(writer.write(EXAMPLE, TraceStyle.PAIRED).text())
        .isEqualTo("<think> a b 12 * 3 + 9 = 5 ; c 5 * 3 = 15 ; </think> \\boxed{ 15 }");
    assertThat(writer.write(EXAMPLE, TraceStyle.DIRECT).text())
        .isEqualTo("<think> </think> \\boxed{ 15 }");
  }

  @Test
  void aFullyVerboseTraceRestatesChecksTwiceAndRecaps() {
    var writer = new TraceWriter(TraceMix.FOUNDATION, alwaysHappening());
    var problem = new ArithmeticProblem(7, EXAMPLE.steps().subList(0, 2));
    assertThat(writer.write(problem, TraceStyle.VERBOSE).text())
        .isEqualTo(
            "<think> now 7 then a * 3 ; a 7 * 3 = 1 ;"
                + " wait check a 7 * 3 = 1 ; again check a 7 * 3 = 1 ;"
                + " now 1 then b + 9 ; b 1 + 9 = 10 ;"
                + " wait check b 1 + 9 = 10 ; again check b 1 + 9 = 10 ;"
                + " recap a 7 * 3 = 1 ; b 1 + 9 = 10 ; so 10 ok ; </think> \\boxed{ 10 }");
  }

  @Test
  void foundationTracesHoldOnlyTrueSteps() {
    var generator = new ProblemGenerator(new Random(3));
    var writer = new TraceWriter(TraceMix.FOUNDATION, new Random(4));
    for (int i = 0; i < 2_000; i++) {
      ArithmeticProblem problem = generator.next(Split.TRAIN);
      Trace trace = writer.write(problem);
      assertThat(trace.answer()).isEqualTo(problem.answer());
      assertThat(wrongSteps(trace.text())).as(trace.text()).isZero();
    }
  }

  @Test
  void longWindedTracesHaveTheIntendedLengthReliabilityAndStyles() {
    var generator = new ProblemGenerator(new Random(5));
    var writer = new TraceWriter(TraceMix.LONG_WINDED, new Random(6));
    int count = 20_000;
    long length = 0;
    int right = 0;
    Map<TraceStyle, Integer> styles = new EnumMap<>(TraceStyle.class);
    for (int i = 0; i < count; i++) {
      ArithmeticProblem problem = generator.next(Split.TRAIN);
      Trace trace = writer.write(problem);
      length += trace.length();
      right += trace.answer() == problem.answer() ? 1 : 0;
      styles.merge(trace.style(), 1, Integer::sum);
      assertThat(trace.length()).isLessThanOrEqualTo(256);
    }
    assertThat((double) length / count).isCloseTo(118, within(2.0));
    assertThat((double) right / count).isCloseTo(0.93, within(0.01));
    TraceMix.LONG_WINDED
        .shares()
        .forEach(
            (style, share) ->
                assertThat((double) styles.get(style) / count)
                    .as(style.name())
                    .isCloseTo(share, within(0.01)));
  }

  @Test
  void someStepsAreWrongAndMostOfTheseAreRepaired() {
    var generator = new ProblemGenerator(new Random(7));
    var writer = new TraceWriter(TraceMix.LONG_WINDED, new Random(8));
    int wrongFirst = 0;
    int repaired = 0;
    int steps = 0;
    Pattern checked =
        Pattern.compile("(\\d+) ([+*-]) (\\d) = (\\d+) ; wait check \\w \\d+ . \\d = (\\d+) ;");
    for (int i = 0; i < 5_000; i++) {
      String text = writer.write(generator.next(Split.TRAIN), TraceStyle.VERBOSE).text();
      Matcher match = checked.matcher(text);
      while (match.find()) {
        steps++;
        int right = evaluate(match.group(1), match.group(2), match.group(3));
        if (Integer.parseInt(match.group(4)) != right) {
          wrongFirst++;
          repaired += Integer.parseInt(match.group(5)) == right ? 1 : 0;
        }
      }
    }
    assertThat((double) wrongFirst / steps).isCloseTo(0.06, within(0.01));
    assertThat((double) repaired / wrongFirst).isCloseTo(0.85, within(0.04));
  }

  @Test
  void theSameSeedWritesTheSameTraces() {
    var first = new TraceWriter(TraceMix.LONG_WINDED, new Random(9));
    var second = new TraceWriter(TraceMix.LONG_WINDED, new Random(9));
    for (int i = 0; i < 200; i++) {
      assertThat(first.write(EXAMPLE)).isEqualTo(second.write(EXAMPLE));
    }
  }

  private static int wrongSteps(String text) {
    // A paired step starts with its first operation, whose result isn't written: plain traces only.
    int wrong = 0;
    for (String part : text.split(";", -1)) {
      if (part.chars().filter(c -> "+-*".indexOf(c) >= 0).count() != 1) {
        continue;
      }
      Matcher step = WRITTEN_STEP.matcher(part + ";");
      if (step.find()) {
        int right = evaluate(step.group(1), step.group(2), step.group(3));
        wrong += right == Integer.parseInt(step.group(4)) ? 0 : 1;
      }
    }
    return wrong;
  }

  private static int evaluate(String left, String operator, String right) {
    int a = Integer.parseInt(left);
    int b = Integer.parseInt(right);
    return switch (operator) {
      case "+" -> (a + b) % 20;
      case "-" -> (a + 20 - b) % 20;
      default -> a * b % 20;
    };
  }

  private static Random alwaysHappening() {
    return new Random() {
      @Override
      public double nextDouble() {
        return 0;
      }
    };
  }
}
