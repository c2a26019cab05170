package dev.drpo.policy.sampler;

import java.util.ArrayList;
import java.util.List;

/**
 * Drives a sampler as an engine does: sequences start together, and one that is done gives its
 * place to the last one.
 */
final class Generation {
  /**
   * One sequence to generate.
   *
   * @param tokens how many to generate
   */
  @SuppressWarnings("ArrayRecordComponent") // Requests are never compared.
  record Request(int[] prompt, int tokens, SamplingLaw law, CounterRandom random) {}

  /** What came out for one request. */
  @SuppressWarnings("ArrayRecordComponent") // Results are compared array by array.
  record Result(int[] tokens, float[] logProbabilities, float[] samplingLogProbabilities) {}

  private static final class Row {
    private final Request request;
    private final int[] tokens;
    private final float[] logProbabilities;
    private final float[] samplingLogProbabilities;
    private int generated;

    Row(Request request) {
      this.request = request;
      this.tokens = new int[request.tokens()];
      this.logProbabilities = new float[request.tokens()];
      this.samplingLogProbabilities = new float[request.tokens()];
    }

    void add(PolicySampler.Tokens drawn, int at) {
      tokens[generated] = drawn.tokens()[at];
      logProbabilities[generated] = drawn.logProbabilities()[at];
      samplingLogProbabilities[generated] = drawn.samplingLogProbabilities()[at];
      generated++;
    }

    SamplingLaw.Draw draw() {
      return request.law().draw(request.random().uniform(0, generated));
    }
  }

  private Generation() {}

  /** Generates all requests together; results are in the order of requests. */
  static List<Result> run(PolicySampler sampler, List<Request> requests) {
    List<Row> rows = requests.stream().map(Row::new).toList();
    List<Row> live = new ArrayList<>(rows);
    List<PrefilledPrompt> prompts =
        sampler.prefill(rows.stream().map(row -> row.request.prompt()).toList());
    List<PolicySampler.Beginning> beginnings = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      beginnings.add(new PolicySampler.Beginning(prompts.get(i), List.of(rows.get(i).draw())));
    }
    PolicySampler.Tokens drawn = sampler.begin(beginnings);
    prompts.forEach(sampler::close);
    while (true) {
      for (int i = 0; i < live.size(); i++) {
        live.get(i).add(drawn, i);
      }
      endDone(sampler, live);
      if (live.isEmpty()) {
        return rows.stream()
            .map(row -> new Result(row.tokens, row.logProbabilities, row.samplingLogProbabilities))
            .toList();
      }
      drawn = sampler.advance(live.stream().map(Row::draw).toList());
    }
  }

  private static void endDone(PolicySampler sampler, List<Row> live) {
    for (int i = live.size() - 1; i >= 0; i--) {
      if (live.get(i).generated == live.get(i).tokens.length) {
        sampler.end(i);
        Row last = live.removeLast();
        if (i < live.size()) {
          live.set(i, last);
        }
      }
    }
  }
}
