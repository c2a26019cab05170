package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Choice;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Answer.Words;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads answers that are words, lists of words, or letters that name choices. */
final class WordsParser {
  /** More are a sentence, which no comparison of words does justice. */
  static final int MAX_WORDS = 4;

  private static final int MAX_WORDS_WITH_NUMBER = 3;

  private static final Set<String> NOTHING =
      Set.of(
          "no solution",
          "no solutions",
          "no real solution",
          "no real solutions",
          "empty set",
          "the empty set");

  private static final Set<String> ARTICLES = Set.of("a", "an", "the");
  private static final Set<String> QUANTIFIED = Set.of("few", "little");

  /** Behind a single letter, shorter words are as likely names or symbols themselves. */
  private static final int SHORTEST_NOUN = 3;

  private WordsParser() {}

  /** The choice that a letter of text or in parentheses names. */
  static Optional<Choice> choice(List<Token> tokens) {
    int size = tokens.size() - 1;
    if (size > 0 && (tokens.get(size - 1).is(Kind.DOT) || tokens.get(size - 1).is(Kind.COMMA))) {
      size--;
    }
    boolean enclosed =
        size == 3
            && tokens.get(0).is(Kind.OPEN_PARENTHESIS)
            && tokens.get(2).is(Kind.CLOSE_PARENTHESIS);
    boolean halfEnclosed = size == 2 && tokens.get(1).is(Kind.CLOSE_PARENTHESIS);
    if (!enclosed && !halfEnclosed && size != 1) {
      return Optional.empty();
    }
    Token letter = tokens.get(enclosed ? 1 : 0);
    boolean named = letter.isLetters() && letter.text().length() == 1;
    return named && (enclosed || halfEnclosed || letter.is(Kind.TEXT))
        ? Optional.of(new Choice(letter.text().charAt(0)))
        : Optional.empty();
  }

  /** Words or lists of words; empty if there is anything else. */
  static Optional<Answer> words(List<Token> tokens) {
    // What begins with a number is about it, unless it could be read as such.
    if (tokens.getFirst().is(Kind.DIGITS)) {
      return Optional.empty();
    }
    List<Answer> elements = new ArrayList<>();
    List<String> words = new ArrayList<>();
    // The letter of "A. hyperbola" or "A-frame" is no article.
    boolean label = false;
    for (Token token : tokens) {
      switch (token.kind()) {
        case WORD, TEXT, DIGITS -> words.add(token.text());
        // A dot, an apostrophe or a hyphen inside words is spelling.
        case DOT, MINUS, HYPHEN -> label |= words.size() == 1;
        case APOSTROPHE -> {
          // Behind a single letter it is a prime, which makes another name.
          if (words.isEmpty() || words.getLast().length() == 1) {
            return Optional.empty();
          }
        }
        case COMMA, SEMICOLON, CONNECTIVE, END -> {
          boolean between = words.isEmpty() && !token.is(Kind.END);
          boolean numbered = words.stream().anyMatch(word -> Character.isDigit(word.charAt(0)));
          int most = numbered ? MAX_WORDS_WITH_NUMBER : MAX_WORDS;
          if (words.size() > most || (words.isEmpty() && elements.isEmpty())) {
            return Optional.empty();
          }
          if (!between && !words.isEmpty()) {
            elements.add(element(words, !label));
          }
          label = false;
          words = new ArrayList<>();
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    boolean hasLetters = tokens.stream().anyMatch(Token::isLetters);
    return hasLetters
        ? Optional.of(elements.size() == 1 ? elements.getFirst() : new Listing(elements))
        : Optional.empty();
  }

  /** What one element of words says. */
  static Answer element(List<String> words) {
    return element(words, true);
  }

  private static Answer element(List<String> words, boolean mayHaveArticle) {
    String joined = String.join(" ", words).toLowerCase(Locale.ROOT);
    if (NOTHING.contains(joined)) {
      return Listing.EMPTY;
    }
    if (words.size() == 1
        && words.getFirst().length() == 1
        && Character.isLetter(words.getFirst().charAt(0))) {
      return new Choice(words.getFirst().charAt(0));
    }
    if (joined.equals("noon") || joined.equals("midnight")) {
      return hour(joined.equals("noon") ? "pm" : "am");
    }
    return Wording.number(joined)
        .or(() -> words.size() > 1 ? NumberWords.value(words) : Optional.empty())
        .<Answer>map(WordsParser::scalar)
        .orElseGet(() -> new Words(mayHaveArticle ? withoutArticle(words) : words));
  }

  /** A name is the same with an article before it; "a third" is not "third", nor "a few" "few". */
  private static List<String> withoutArticle(List<String> words) {
    boolean article =
        words.size() > 1
            && ARTICLES.contains(words.getFirst().toLowerCase(Locale.ROOT))
            && words.get(1).length() >= SHORTEST_NOUN
            && (words.size() > 2 || Wording.mayBeCounted(words.get(1)))
            && !QUANTIFIED.contains(words.get(1).toLowerCase(Locale.ROOT));
    return article ? words.subList(1, words.size()) : words;
  }

  /** Twelve o'clock, of the half of the day that begins then. */
  private static Answer hour(String half) {
    return new Answer.Ratio(List.of(scalar(12).value(), scalar(0).value()), Optional.of(half));
  }

  private static Scalar scalar(int value) {
    return Scalar.of(new Expression.Number(Rational.of(BigInteger.valueOf(value))));
  }
}
