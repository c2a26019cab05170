package dev.drpo.rollout.openai;

import dev.drpo.generation.FinishReason;
import dev.drpo.generation.GrowingText;
import dev.drpo.generation.SampledResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One response while it is sampled. One thread uses it. */
final class Choice {
  private record Spelled(int end, float logProbability) {}

  private final int index;
  private final List<String> stops;
  private final GrowingText growing;
  private final StringBuilder text = new StringBuilder();
  private final List<Spelled> tokens = new ArrayList<>();
  private int sampled;
  private int takenTokens;
  private int takenCharacters;
  private int searched;
  private FinishReason end;

  /**
   * A response that has no token yet.
   *
   * @param index its place in the answer
   * @param stops texts that end it
   * @param decode gives the text of tokens
   */
  Choice(int index, List<String> stops, Function<int[], String> decode) {
    this.index = index;
    this.stops = stops;
    this.growing = new GrowingText(decode);
  }

  int index() {
    return index;
  }

  /** Why it ended; empty while it may go on. */
  Optional<FinishReason> end() {
    return Optional.ofNullable(end);
  }

  /** Tokens that were sampled for it, those of a stop included. */
  int sampled() {
    return sampled;
  }

  /** Takes the next token, unless the response has ended. */
  void add(int token, float logProbability) {
    if (end != null) {
      return;
    }
    sampled++;
    text.append(growing.add(token));
    tokens.add(new Spelled(text.length(), logProbability));
    endAtStop();
  }

  /** Takes the whole response, of which the first tokens may have been added before. */
  void finish(SampledResponse response) {
    for (int i = sampled; i < response.tokens().length && end == null; i++) {
      add(response.tokens()[i], response.logProbabilities()[i]);
    }
    if (end != null) {
      return;
    }
    text.append(growing.finish());
    Spelled last = tokens.removeLast();
    tokens.add(new Spelled(text.length(), last.logProbability()));
    endAtStop();
    if (end == null) {
      end = response.finishReason();
    }
  }

  /** What can be told by now and has not been taken before: whole tokens, none of a stop. */
  Piece take() {
    int certain = end == null ? text.length() - possibleStop() : text.length();
    int settled = end == null ? growing.settled() : tokens.size();
    int offset = takenCharacters;
    List<Piece.Token> taken = new ArrayList<>();
    while (takenTokens < settled && tokens.get(takenTokens).end() <= certain) {
      Spelled token = tokens.get(takenTokens++);
      taken.add(
          new Piece.Token(
              text.substring(takenCharacters, token.end()),
              takenCharacters,
              token.logProbability()));
      takenCharacters = token.end();
    }
    return new Piece(text.substring(offset, takenCharacters), offset, taken);
  }

  private void endAtStop() {
    int first = -1;
    for (String stop : stops) {
      int found = text.indexOf(stop, Math.max(0, searched - stop.length() + 1));
      if (found >= 0 && (first < 0 || found < first)) {
        first = found;
      }
    }
    searched = text.length();
    if (first >= 0) {
      text.setLength(first);
      cutTokens(first);
      end = FinishReason.STOP;
    }
  }

  /** Leaves the tokens that spell the text, the last of which may have spelled more. */
  private void cutTokens(int length) {
    int kept = 0;
    while (kept < tokens.size() && tokens.get(kept).end() <= length) {
      kept++;
    }
    List<Spelled> cut = tokens.subList(kept, tokens.size());
    boolean shared = (kept == 0 ? 0 : tokens.get(kept - 1).end()) < length;
    float logProbability = cut.getFirst().logProbability();
    cut.clear();
    if (shared) {
      tokens.add(new Spelled(length, logProbability));
    }
  }

  /** Characters at the end of the text that a stop may begin with. */
  private int possibleStop() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, text.length()); n > longest; n--) {
        if (stop.startsWith(text.substring(text.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
