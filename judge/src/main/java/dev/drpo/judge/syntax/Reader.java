package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Choice;
import dev.drpo.judge.answer.UnitNames;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Turns the text of an answer or a gold into what it says. */
public final class Reader {
  /** More words that measure nothing make a sentence, whatever mathematics it holds. */
  private static final int MAX_WORDS_IN_MATH = 2;

  private static final Set<String> ANNOUNCING = Set.of("the", "final", "answer", "is");

  private final Limits limits;
  private final Budget budget;

  public Reader(Limits limits, Budget budget) {
    this.limits = limits;
    this.budget = budget;
  }

  /**
   * What a text says.
   *
   * @param text without the delimiters of math mode
   * @throws Unreadable if no form fits
   * @throws dev.drpo.judge.limit.LimitExceeded if the text nests too deeply or holds too large a
   *     literal
   */
  public Answer read(String text) {
    List<Token> tokens = Phrases.spelled(withoutLeadingSign(Lexer.tokens(text, limits, budget)));
    Optional<Choice> choice = WordsParser.choice(tokens);
    if (choice.isPresent()) {
      return choice.get();
    }
    boolean verbal =
        tokens.stream().allMatch(Reader::isVerbal) && tokens.stream().anyMatch(Reader::isWord);
    if (verbal) {
      Optional<Answer> words = WordsParser.words(tokens);
      if (words.isPresent()) {
        return words.get();
      }
    }
    try {
      if (isSentence(tokens)) {
        throw new Unreadable("a sentence");
      }
      return AnswerParser.parse(tokens, limits, budget);
    } catch (Unreadable unreadable) {
      return WordsParser.words(tokens).orElseThrow(() -> unreadable);
    }
  }

  /** An equals sign before everything else means nothing. */
  private static List<Token> withoutLeadingSign(List<Token> tokens) {
    int start = behindAnnouncement(tokens);
    Token first = tokens.get(start);
    boolean sign = first.is(Kind.EQUALS) || first.is(Kind.APPROXIMATELY);
    return tokens.subList(sign ? start + 1 : start, tokens.size());
  }

  /** Tokens of {@code \text{The answer is }} and {@code \text{Answer: }}, which say nothing. */
  private static int behindAnnouncement(List<Token> tokens) {
    int at = 0;
    while (tokens.get(at).is(Kind.TEXT)
        && ANNOUNCING.contains(tokens.get(at).text().toLowerCase(Locale.ROOT))) {
      at++;
    }
    boolean announced =
        at > 0
            && tokens.subList(0, at).stream()
                .anyMatch(token -> token.text().equalsIgnoreCase("answer"));
    if (!announced || tokens.get(at).is(Kind.END)) {
      return 0;
    }
    return tokens.get(at).is(Kind.COLON) ? at + 1 : at;
  }

  /** Whether a token can stand in an answer of words alone. */
  private static boolean isVerbal(Token token) {
    return switch (token.kind()) {
      case WORD, TEXT, COMMA, SEMICOLON, CONNECTIVE, DOT, APOSTROPHE, END -> true;
      default -> false;
    };
  }

  private static boolean isWord(Token token) {
    return token.isLetters() && (token.is(Kind.TEXT) || Wording.isWord(token.text()));
  }

  private static boolean isSentence(List<Token> tokens) {
    return tokens.stream()
            .filter(token -> token.is(Kind.WORD) && Wording.isWord(token.text()))
            .filter(token -> UnitNames.find(token.text()).isEmpty())
            .count()
        > MAX_WORDS_IN_MATH;
  }
}
