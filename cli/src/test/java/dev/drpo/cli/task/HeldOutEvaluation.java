package dev.drpo.cli.task;

import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.sampler.CounterRandom;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PrefilledPrompt;
import dev.drpo.policy.sampler.SamplingLaw;
import java.util.ArrayList;
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
  private final SamplingLaw law;

  /**
   * The outcome.
   *
   * @param accuracy share of right responses
   * @param meanLength in tokens, the end-of-sequence token included
   */
  record Result(double accuracy, double meanLength, int samples) {}

  /** A response that is being sampled. */
  private static final class Response {
    private final ArithmeticProblem problem;
    private final CounterRandom random;
    private final int sample;
    private final List<String> tokens = new ArrayList<>();

    private Response(ArithmeticProblem problem, int sample) {
      this.problem = problem;
      this.random = new CounterRandom(0, CounterRandom.hash(problem.id()));
      this.sample = sample;
    }

    private SamplingLaw.Draw draw(SamplingLaw law) {
      return law.draw(random.uniform(sample, tokens.size()));
    }

    private void add(int id) {
      tokens.add(Vocabulary.TOKENS.get(id));
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
    this.law = SamplingLaw.at(temperature);
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
            policy,
            new KvCacheSize(
                PROBLEMS_AT_ONCE * SAMPLES,
                MAX_RESPONSE_TOKENS,
                PROBLEMS_AT_ONCE,
                MAX_PROMPT_TOKENS));
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
    List<PrefilledPrompt> prompts = sampler.prefill(wave.stream().map(WordIds::prompt).toList());
    List<PolicySampler.Beginning> beginnings = new ArrayList<>();
    for (int i = 0; i < wave.size(); i++) {
      List<Response> group = new ArrayList<>();
      for (int sample = 0; sample < SAMPLES; sample++) {
        group.add(new Response(wave.get(i), sample));
      }
      beginnings.add(new PolicySampler.Beginning(prompts.get(i), draws(group)));
      rows.addAll(group);
    }
    List<Response> all = List.copyOf(rows);
    extend(rows, sampler.begin(beginnings));
    prompts.forEach(sampler::close);
    end(rows);
    while (!rows.isEmpty()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while sampling held-out problems");
      }
      extend(rows, sampler.advance(draws(rows)));
      end(rows);
    }
    return all;
  }

  private List<SamplingLaw.Draw> draws(List<Response> rows) {
    return rows.stream().map(row -> row.draw(law)).toList();
  }

  private static void extend(List<Response> rows, PolicySampler.Tokens drawn) {
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).add(drawn.tokens()[i]);
    }
  }

  /** Takes finished responses out; the last live one has their number from then on. */
  private void end(List<Response> rows) {
    for (int row = rows.size() - 1; row >= 0; row--) {
      if (!rows.get(row).finished()) {
        continue;
      }
      sampler.end(row);
      Response last = rows.removeLast();
      if (row < rows.size()) {
        rows.set(row, last);
      }
    }
  }
}
