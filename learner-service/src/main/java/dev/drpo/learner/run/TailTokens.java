package dev.drpo.learner.run;

import dev.drpo.generation.GrowingText;
import dev.drpo.objectives.TokenSpan;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.runtime.config.RunConfig;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Finds the tokens behind the tail of a verdict, which is told in characters of the response's
 * text: those whose text lies in it as a whole. A token that spells a part of the statement, or of
 * the {@code </think>} behind the tail, is none of them.
 */
final class TailTokens implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TailTokens.class);

  private final Function<int[], String> decode;
  private final Optional<PolicyTokenizer> tokenizer;
  private boolean warned;

  private TailTokens(Function<int[], String> decode, Optional<PolicyTokenizer> tokenizer) {
    this.decode = decode;
    this.tokenizer = tokenizer;
  }

  /** By the policy's tokenizer, or nothing where the run's objective does not ask for tails. */
  static TailTokens of(RunConfig config, PolicyFolder policy) {
    if (!config.objective().cutsAfterAnswer()) {
      return none();
    }
    PolicyTokenizer tokenizer = PolicyTokenizer.load(policy.path());
    return new TailTokens(tokenizer::decode, Optional.of(tokenizer));
  }

  /** Finds no tails. */
  static TailTokens none() {
    return new TailTokens(null, Optional.empty());
  }

  /**
   * By another tokenizer.
   *
   * @param decode gives the text of tokens
   */
  static TailTokens by(Function<int[], String> decode) {
    return new TailTokens(decode, Optional.empty());
  }

  /** The tail's tokens; none where the verdict has no tail, or of another text. */
  TokenSpan of(Rollout rollout, Verdict verdict) {
    if (decode == null || verdict.getTailStart() >= verdict.getTailEnd()) {
      return TokenSpan.NONE;
    }
    Places places = places(rollout);
    if (!places.text().equals(rollout.getText())) {
      warn();
      return TokenSpan.NONE;
    }
    int start = 0;
    while (start < places.size() && places.starts()[start] < verdict.getTailStart()) {
      start++;
    }
    int end = start;
    while (end < places.size() && places.ends()[end] <= verdict.getTailEnd()) {
      end++;
    }
    return start == end ? TokenSpan.NONE : new TokenSpan(start, end);
  }

  private void warn() {
    if (!warned) {
      LOG.warn(
          "a response's text is not that of its tokens under policy.path, so that it keeps its tail;"
              + " check that replicas have the same tokenizer");
      warned = true;
    }
  }

  /**
   * Where the tokens of a text stand in it, in code points. Tokens that spell a character together
   * stand where all of them do.
   */
  private record Places(String text, int[] starts, int[] ends) {
    int size() {
      return starts.length;
    }
  }

  private Places places(Rollout rollout) {
    int size = rollout.getTokensCount();
    GrowingText growing = new GrowingText(decode);
    StringBuilder text = new StringBuilder();
    int[] starts = new int[size];
    int[] ends = new int[size];
    int placed = 0;
    int start = 0;
    for (int t = 0; t <= size; t++) {
      String added = t < size ? growing.add(rollout.getTokens(t)) : growing.finish();
      text.append(added);
      int end = start + added.codePointCount(0, added.length());
      for (; placed < growing.settled(); placed++) {
        starts[placed] = start;
        ends[placed] = end;
      }
      start = end;
    }
    return new Places(text.toString(), starts, ends);
  }

  @Override
  public void close() {
    tokenizer.ifPresent(PolicyTokenizer::close);
  }
}
