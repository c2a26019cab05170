package dev.drpo.cli.arithmetic;

import dev.drpo.policy.CounterRandom;
import dev.drpo.policy.Decoder;
import dev.drpo.policy.PolicySampler;
import dev.drpo.policy.PolicySampler.Draws;
import dev.drpo.policy.PolicySampler.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Samples a policy on held-out problems and counts what is right. */
final class HeldOutEvaluation {
  /** Budget of a response in tokens, the end-of-sequence token included. */
  private static final int MAX_RESPONSE_TOKENS = 256;

  private static final int MAX_PROMPT_TOKENS = 3 * ArithmeticProblem.MAX_STEPS + 2;
  private static final int PROBLEMS_AT_ONCE = 32;
  private static final int SAMPLES = 4;

  private final PolicySampler sampler;
  private final float temperature;

  /**
   * The outcome.
   *
   * @param accuracy share of right responses
   * @param meanLength in tokens, the end-of-sequence token included
   */
  record Result(double accuracy, double meanLength, int samples) {}

  /** A response that is being sampled, and the row of the cache that it is in. */
  private static final class Response {
    private final ArithmeticProblem problem;
    private final int promptLength;
    private final CounterRandom random;
    private final int sample;
    private final List<String> tokens = new ArrayList<>();

    private Response(ArithmeticProblem problem, int promptLength, int sample) {
      this.problem = problem;
      this.promptLength = promptLength;
      this.random = new CounterRandom(0, CounterRandom.hash(problem.id()));
      this.sample = sample;
    }

    private double nextUniform() {
      return random.uniform(sample, tokens.size());
    }

    private void add(long id) {
      tokens.add(Vocabulary.TOKENS.get((int) id));
    }

    private boolean finished() {
      return tokens.getLast().equals(Vocabulary.END_OF_SEQUENCE)
          || tokens.size() == MAX_RESPONSE_TOKENS;
    }

    private boolean right() {
      int thought = tokens.indexOf("</think>");
      int box = tokens.lastIndexOf("\\boxed{");
      return thought >= 0
          && box > thought
          && box + 2 < tokens.size()
          && tokens.get(box + 1).equals(Integer.toString(problem.answer()))
          && tokens.get(box + 2).equals("}");
    }
  }

  private HeldOutEvaluation(PolicySampler sampler, double temperature) {
    this.sampler = sampler;
    this.temperature = (float) temperature;
  }

  /**
   * Samples {@value #SAMPLES} responses for each of some held-out problems, always the same.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  static Result of(Decoder policy, int problems, double temperature) throws InterruptedException {
    var generator = new ProblemGenerator(new Random(problems));
    // The decoder stays the caller's, so that the sampler is not closed.
    var sampler =
        new PolicySampler(
            policy, PROBLEMS_AT_ONCE * SAMPLES, MAX_PROMPT_TOKENS + MAX_RESPONSE_TOKENS);
    var evaluation = new HeldOutEvaluation(sampler, temperature);
    List<Response> responses = new ArrayList<>();
    for (int done = 0; done < problems; done += PROBLEMS_AT_ONCE) {
      List<ArithmeticProblem> wave = new ArrayList<>();
      for (int i = done; i < Math.min(problems, done + PROBLEMS_AT_ONCE); i++) {
        wave.add(generator.next(Split.HELD_OUT));
      }
      responses.addAll(evaluation.sample(wave));
    }
    double right = responses.stream().filter(Response::right).count();
    double tokens = responses.stream().mapToInt(response -> response.tokens.size()).sum();
    int samples = responses.size();
    return new Result(right / samples, tokens / samples, samples);
  }

  private List<Response> sample(List<ArithmeticProblem> wave) throws InterruptedException {
    List<Response> rows = new ArrayList<>();
    for (ArithmeticProblem problem : wave) {
      int[] prompt = Vocabulary.prompt(problem);
      List<Response> group = new ArrayList<>();
      for (int sample = 0; sample < SAMPLES; sample++) {
        group.add(new Response(problem, prompt.length, sample));
      }
      extend(group, sampler.prefill(prompt, rows.size(), draws(group)));
      rows.addAll(group);
    }
    List<Response> all = List.copyOf(rows);
    close(rows);
    while (!rows.isEmpty()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while sampling held-out problems");
      }
      long[] tokens = rows.stream().mapToLong(row -> Vocabulary.id(row.tokens.getLast())).toArray();
      long[] positions =
          rows.stream().mapToLong(row -> row.promptLength + row.tokens.size() - 1).toArray();
      extend(rows, sampler.decode(tokens, positions, draws(rows)));
      close(rows);
    }
    return all;
  }

  private Draws draws(List<Response> rows) {
    float[] temperatures = new float[rows.size()];
    Arrays.fill(temperatures, temperature);
    float[] wholeDistribution = new float[rows.size()];
    Arrays.fill(wholeDistribution, 1);
    double[] uniform = rows.stream().mapToDouble(Response::nextUniform).toArray();
    return new Draws(temperatures, wholeDistribution, uniform);
  }

  private static void extend(List<Response> rows, Tokens drawn) {
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).add(drawn.tokens()[i]);
    }
  }

  /** Takes finished responses out; the last live one moves into the row that becomes free. */
  private void close(List<Response> rows) {
    for (int row = rows.size() - 1; row >= 0; row--) {
      if (!rows.get(row).finished()) {
        continue;
      }
      Response last = rows.removeLast();
      if (row < rows.size()) {
        sampler.move(rows.size(), row, last.promptLength + last.tokens.size() - 1);
        rows.set(row, last);
      }
    }
  }
}
