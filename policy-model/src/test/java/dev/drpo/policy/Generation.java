package dev.drpo.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Drives a sampler as an engine does: sequences are admitted row by row, decoded together, and when
 * one is done the last row moves into its place.
 */
final class Generation {
  /**
   * One sequence to generate.
   *
   * @param tokens how many to generate
   */
  @SuppressWarnings("ArrayRecordComponent") // Requests are never compared.
  record Request(int[] prompt, int tokens, float temperature, float topP, CounterRandom random) {}

  /** What came out for one request. */
  @SuppressWarnings("ArrayRecordComponent") // Results are compared array by array.
  record Result(int[] tokens, float[] logProbabilities) {}

  private static final class Row {
    private final Request request;
    private final int[] tokens;
    private final float[] logProbabilities;
    private int generated;

    Row(Request request) {
      this.request = request;
      this.tokens = new int[request.tokens()];
      this.logProbabilities = new float[request.tokens()];
    }

    void add(PolicySampler.Tokens drawn, int at) {
      tokens[generated] = Math.toIntExact(drawn.tokens()[at]);
      logProbabilities[generated] = drawn.logProbabilities()[at];
      generated++;
    }

    /** Where the latest token stands. */
    int position() {
      return request.prompt().length + generated - 1;
    }
  }

  private Generation() {}

  /** Generates all requests together; results are in the order of requests. */
  static List<Result> run(PolicySampler sampler, List<Request> requests) {
    List<Row> rows = requests.stream().map(Row::new).toList();
    List<Row> live = new ArrayList<>();
    for (Row row : rows) {
      row.add(sampler.prefill(row.request.prompt(), live.size(), draws(List.of(row))), 0);
      live.add(row);
    }
    compact(sampler, live);
    while (!live.isEmpty()) {
      long[] last = live.stream().mapToLong(row -> row.tokens[row.generated - 1]).toArray();
      long[] positions = live.stream().mapToLong(Row::position).toArray();
      PolicySampler.Tokens drawn = sampler.decode(last, positions, draws(live));
      for (int i = 0; i < live.size(); i++) {
        live.get(i).add(drawn, i);
      }
      compact(sampler, live);
    }
    return rows.stream().map(row -> new Result(row.tokens, row.logProbabilities)).toList();
  }

  private static void compact(PolicySampler sampler, List<Row> live) {
    for (int i = 0; i < live.size(); i++) {
      while (i < live.size() && live.get(i).generated == live.get(i).tokens.length) {
        Row last = live.removeLast();
        if (i < live.size()) {
          sampler.move(live.size(), i, last.position());
          live.set(i, last);
        }
      }
    }
  }

  private static PolicySampler.Draws draws(List<Row> rows) {
    float[] temperature = new float[rows.size()];
    float[] topP = new float[rows.size()];
    double[] uniform = new double[rows.size()];
    for (int i = 0; i < uniform.length; i++) {
      Row row = rows.get(i);
      temperature[i] = row.request.temperature();
      topP[i] = row.request.topP();
      uniform[i] = row.request.random().uniform(0, row.generated);
    }
    return new PolicySampler.Draws(temperature, topP, uniform);
  }
}
