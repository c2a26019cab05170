package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PrefilledPrompt;
import dev.drpo.policy.sampler.SamplingLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The responses that are being decoded: row {@code i} of the list is the sampler's sequence {@code
 * i}, and a row that ends gives its place to the last one.
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

  /** Responses of a group that take slots, and its prompt in the KV cache. */
  record Admission(RunningGroup group, PrefilledPrompt prompt, int responses) {}

  int count() {
    return rows.size();
  }

  int free() {
    return slots - rows.size();
  }

  /** Prefills the prompts of groups, each once. */
  List<PrefilledPrompt> prefill(List<RunningGroup> groups) {
    return sampler.prefill(groups.stream().map(group -> group.request().prompt()).toList());
  }

  /** No more responses begin from a prompt. */
  void close(PrefilledPrompt prompt) {
    sampler.close(prompt);
  }

  /** Draws the first token of responses; returns those that ended with it. */
  List<FinishedRow> begin(List<Admission> admissions, PolicyVersion version) {
    int firstRow = rows.size();
    List<PolicySampler.Beginning> beginnings = new ArrayList<>();
    for (Admission admission : admissions) {
      List<SamplingLaw.Draw> draws = new ArrayList<>();
      for (int i = 0; i < admission.responses(); i++) {
        Row row = new Row(admission.group(), admission.group().beginNext());
        rows.add(row);
        draws.add(row.draw());
      }
      beginnings.add(new PolicySampler.Beginning(admission.prompt(), draws));
    }
    return take(sampler.begin(beginnings), firstRow, version);
  }

  /** Draws the next token of every live row; returns those that ended, which are live no more. */
  List<FinishedRow> advance(PolicyVersion version) {
    return take(sampler.advance(rows.stream().map(Row::draw).toList()), 0, version);
  }

  /** Frees the rows of groups that nobody waits for. */
  void dropDone() {
    removeIf(0, row -> row.group().isDone());
  }

  private List<FinishedRow> take(PolicySampler.Tokens drawn, int firstRow, PolicyVersion version) {
    for (int i = 0; i < drawn.tokens().length; i++) {
      Row row = rows.get(firstRow + i);
      int token = drawn.tokens()[i];
      row.append(token, drawn.logProbabilities()[i], drawn.samplingLogProbabilities()[i], version);
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
        sampler.end(i);
        Row last = rows.removeLast();
        if (i < rows.size()) {
          rows.set(i, last);
        }
      }
    }
    return removed;
  }
}
