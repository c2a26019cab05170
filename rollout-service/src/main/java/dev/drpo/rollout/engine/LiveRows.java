package dev.drpo.rollout.engine;

import dev.drpo.policy.PolicySampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The responses that are being decoded. Row {@code i} of the list is row {@code i} of the sampler's
 * cache, and live rows have no gaps between them: a row that ends gives its place to the last one.
 */
final class LiveRows {
  private final PolicySampler sampler;
  private final Set<Integer> endOfSequence;
  private final int slots;
  private final List<Row> rows = new ArrayList<>();

  LiveRows(PolicySampler sampler, Set<Integer> endOfSequence, int slots) {
    this.sampler = sampler;
    this.endOfSequence = endOfSequence;
    this.slots = slots;
  }

  int count() {
    return rows.size();
  }

  int free() {
    return slots - rows.size();
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Runs the group's prompt once and draws the first token of each of its responses. */
  List<FinishedRow> start(RunningGroup group, PolicyVersion version) {
    List<Row> started = new ArrayList<>();
    for (int sample = 0; sample < group.size(); sample++) {
      started.add(new Row(group, sample));
    }
    int firstRow = rows.size();
    PolicySampler.Tokens drawn =
        sampler.prefill(group.request().prompt(), firstRow, draws(started));
    rows.addAll(started);
    return take(drawn, firstRow, version);
  }

  /** Draws the next token of every live row; returns those that ended, which are live no more. */
  List<FinishedRow> advance(PolicyVersion version) {
    long[] tokens = rows.stream().mapToLong(Row::lastToken).toArray();
    long[] positions = rows.stream().mapToLong(Row::position).toArray();
    return take(sampler.decode(tokens, positions, draws(rows)), 0, version);
  }

  /** Frees the rows of groups that nobody waits for. */
  void dropDone() {
    removeIf(0, row -> row.group().isDone());
  }

  private List<FinishedRow> take(PolicySampler.Tokens drawn, int firstRow, PolicyVersion version) {
    for (int i = 0; i < drawn.tokens().length; i++) {
      Row row = rows.get(firstRow + i);
      int token = (int) drawn.tokens()[i];
      row.append(token, drawn.logProbabilities()[i], version);
      row.group().drew(row.sample(), token, drawn.logProbabilities()[i]);
    }
    return removeIf(firstRow, row -> row.ended(endOfSequence)).stream()
        .map(row -> new FinishedRow(row.group(), row.sample(), row.response(endOfSequence)))
        .toList();
  }

  private List<Row> removeIf(int firstRow, Predicate<Row> ends) {
    List<Row> removed = new ArrayList<>();
    // From the end, so that the row that fills a gap has been looked at before.
    for (int i = rows.size() - 1; i >= firstRow; i--) {
      if (ends.test(rows.get(i))) {
        removed.add(rows.get(i));
        Row last = rows.removeLast();
        if (i < rows.size()) {
          sampler.move(rows.size(), i, last.position());
          rows.set(i, last);
        }
      }
    }
    return removed;
  }

  private static PolicySampler.Draws draws(List<Row> rows) {
    float[] temperature = new float[rows.size()];
    float[] topP = new float[rows.size()];
    double[] uniform = new double[rows.size()];
    for (int i = 0; i < uniform.length; i++) {
      Sampling sampling = rows.get(i).group().request().sampling();
      temperature[i] = (float) sampling.temperature();
      topP[i] = (float) sampling.topP();
      uniform[i] = rows.get(i).nextUniform();
    }
    return new PolicySampler.Draws(temperature, topP, uniform);
  }
}
