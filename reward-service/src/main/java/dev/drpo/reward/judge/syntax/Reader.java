package dev.drpo.reward.judge.syntax;

import dev.drpo.reward.judge.answer.Answer;
import dev.drpo.reward.judge.answer.Answer.Choice;
import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.limit.Limits;
import dev.drpo.reward.judge.syntax.Token.Gap;
import dev.drpo.reward.judge.syntax.Token.Kind;
import java.util.List;
import java.util.Optional;

/** Turns the text of an answer or a gold into what it says. */
public final class Reader {
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
   * @throws dev.drpo.reward.judge.limit.LimitExceeded if the text nests too deeply or holds too
   *     large a literal
   */
  public Reading read(String text) {
    List<Token> tokens = Lexer.tokens(text, limits, budget);
    Optional<Choice> choice = WordsParser.choice(tokens);
    if (choice.isPresent()) {
      return new Reading(choice.get(), Optional.empty());
    }
    boolean verbal = tokens.stream().allMatch(Reader::isVerbal) && tokens.stream().anyMatch(Reader::isWord);
    if (verbal) {
      Optional<Answer> words = WordsParser.words(tokens);
      if (words.isPresent()) {
        return new Reading(words.get(), Optional.empty());
      }
    }
    try {
      Answer answer = AnswerParser.parse(tokens, limits, budget);
      return new Reading(answer, asList(tokens));
    } catch (Unreadable unreadable) {
      return new Reading(
          WordsParser.words(tokens).orElseThrow(() -> unreadable), Optional.empty());
    }
  }

  /**
   * What a text says.
   *
   * @param answer the likelier meaning
   * @param asList where commas may separate thousands or elements, what they mean as the latter
   */
  public record Reading(Answer answer, Optional<Answer> asList) {}

  private Optional<Answer> asList(List<Token> tokens) {
    if (!hasAmbiguousComma(tokens)) {
      return Optional.empty();
    }
    try {
      return Optional.of(AnswerParser.parseAsList(tokens, limits, budget));
    } catch (Unreadable unreadable) {
      return Optional.empty();
    }
  }

  private static boolean hasAmbiguousComma(List<Token> tokens) {
    for (int i = 1; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).is(Kind.COMMA)
          && tokens.get(i + 1).is(Kind.DIGITS)
          && tokens.get(i + 1).text().length() == 3
          && tokens.get(i + 1).gap() == Gap.NONE
          && tokens.get(i - 1).is(Kind.DIGITS)) {
        return true;
      }
    }
    return false;
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
}
