package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PrefilledPrompt;
import dev.drpo.policy.sampler.SamplingLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The responses that are being decoded: row {@code i} of the list is the sampler's sequence {@code
 * i}, and a row that ends gives its place to the last one. Where responses share the KV cache's
 * pages, a row for which there is none just now stays as it is while others advance; what it draws
 * does not depend on when.
 */
final class LiveRows {
  private final PolicySampler sampler;
  private final Set<Integer> endOfSequence;
  private final KvCacheSize size;
  private final PageLedger pages;
  private final List<Row> rows = new ArrayList<>();

  /** None. */
  LiveRows(PolicySampler sampler, Set<Integer> endOfSequence, KvCacheSize size) {
    this.sampler = sampler;
    this.endOfSequence = endOfSequence;
    this.size = size;
    this.pages = PageLedger.of(size);
  }

  /** Responses of a group that take slots and pages, and its prompt in the KV cache. */
  record Admission(RunningGroup group, PrefilledPrompt prompt, List<PageLedger.Claim> claims) {
    int responses() {
      return claims.size();
    }
  }

  int count() {
    return rows.size();
  }

  int free() {
    return size.rows() - rows.size();
  }

  /** Prompts that there is a place for. */
  int freePrompts() {
    return size.prompts() - sampler.livePrompts();
  }

  /** Rows that wait for a page. */
  int waiting() {
    return pages.waiting();
  }

  /** Positions of the KV cache that responses have taken, in whole pages. */
  long positions() {
    return pages.positions();
  }

  /** Whether there are pages for a response to begin, whatever its budget. */
  boolean admitsAny() {
    return pages.admits(size.responseTokens() - 1);
  }

  /** First pages for responses of a group to begin: for as many as remain and may, at most. */
  List<PageLedger.Claim> claim(RunningGroup group, int most) {
    // The last token of a response is never fed.
    int positions = group.request().sampling().maxResponseTokens() - 1;
    int wanted = Math.min(most, group.remaining());
    List<PageLedger.Claim> claims = new ArrayList<>();
    boolean room = true;
    while (room && claims.size() < wanted) {
      Optional<PageLedger.Claim> next = pages.begin(positions);
      next.ifPresent(claims::add);
      room = next.isPresent();
    }
    return claims;
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
      for (PageLedger.Claim claim : admission.claims()) {
        Row row = new Row(admission.group(), admission.group().beginNext(), claim);
        rows.add(row);
        draws.add(row.draw());
      }
      beginnings.add(new PolicySampler.Beginning(admission.prompt(), draws));
    }
    int[] fresh = IntStream.range(firstRow, rows.size()).toArray();
    return take(sampler.begin(beginnings), fresh, firstRow, version);
  }

  /**
   * The rows that can advance: those whose pages take one more token, or that get a page now. The
   * oldest ask first.
   */
  int[] withRoom() {
    rows.stream()
        .filter(row -> !row.hasRoom())
        .map(Row::claim)
        .sorted(PageLedger.Claim.OLDEST_FIRST)
        .forEach(pages::grow);
    return IntStream.range(0, rows.size()).filter(i -> rows.get(i).hasRoom()).toArray();
  }

  /** Draws the next token of rows; returns those that ended, which are live no more. */
  List<FinishedRow> advance(int[] advancing, PolicyVersion version) {
    List<SamplingLaw.Draw> draws =
        Arrays.stream(advancing).mapToObj(i -> rows.get(i).draw()).toList();
    // A row that waits may have been stopped meanwhile.
    return take(sampler.advance(advancing, draws), advancing, 0, version);
  }

  /** Frees the rows of groups that nobody waits for. */
  void dropDone() {
    removeIf(0, row -> row.group().isDone());
  }

  /** Appends what was drawn for rows, and ends those from one on that have ended. */
  private List<FinishedRow> take(
      PolicySampler.Tokens drawn, int[] forRows, int firstRow, PolicyVersion version) {
    for (int i = 0; i < forRows.length; i++) {
      Row row = rows.get(forRows[i]);
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
        pages.end(rows.get(i).claim());
        Row last = rows.removeLast();
        if (i < rows.size()) {
          rows.set(i, last);
        }
      }
    }
    return removed;
  }
}
