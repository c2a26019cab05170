package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Relation.Sign;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Terms;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Equations that define a function or a sequence, such as {@code f(x) = x^2} and {@code a_n = 2n}.
 * The names of what they are functions of don't count.
 */
final class Definitions {
  private static final Pattern FUNCTION = Pattern.compile("(.+)\\(([a-zA-Z](?:,[a-zA-Z])*)\\)");
  private static final Pattern SEQUENCE = Pattern.compile("([a-zA-Z])_([a-z])");

  /** Names that no text can have, for exchanging others. */
  private static final String TEMPORARY = "\u0000";

  private Definitions() {}

  private record Head(String name, List<String> parameters) {}

  /** The relation with the parameters of another, if both define the same name. */
  static Relation renamed(Relation relation, Relation like) {
    Optional<Head> head = head(relation);
    Optional<Head> other = head(like);
    boolean alike =
        head.isPresent()
            && other.isPresent()
            && head.get().name.equals(other.get().name)
            && head.get().parameters.size() == other.get().parameters.size()
            && !head.equals(other);
    if (!alike) {
      return relation;
    }
    Answer body = relation.members().getLast();
    List<String> from = head.get().parameters;
    List<String> to = other.get().parameters;
    if (to.stream().anyMatch(name -> !from.contains(name) && isFree(name, relation))) {
      // The name already stands for something else there.
      return relation;
    }
    for (int i = 0; i < from.size(); i++) {
      body = Renaming.of(body, from.get(i), TEMPORARY + i);
    }
    for (int i = 0; i < to.size(); i++) {
      body = Renaming.of(body, TEMPORARY + i, to.get(i));
    }
    return new Relation(List.of(like.members().getFirst(), body), relation.signs());
  }

  private static boolean isFree(String name, Relation relation) {
    return isMentioned(new Expression.Symbol(name), relation.members().getLast());
  }

  private static boolean isMentioned(Expression.Symbol name, Answer body) {
    return switch (body) {
      case Scalar(Expression value, var _) -> Terms.has(value, name::equals);
      case Relation relation -> anyMentions(name, relation.members());
      case Answer.Listing listing -> anyMentions(name, listing.elements());
      case Answer.Bracketed tuple -> anyMentions(name, tuple.elements());
      case Answer.Combination combination ->
          anyMentions(name, List.of(combination.left(), combination.right()));
      case Answer.Piecewise pieces ->
          anyMentions(name, pieces.values()) || anyMentions(name, pieces.conditions());
      default -> false;
    };
  }

  private static boolean anyMentions(Expression.Symbol name, List<Answer> parts) {
    return parts.stream().anyMatch(part -> isMentioned(name, part));
  }

  private static Optional<Head> head(Relation relation) {
    boolean equation = relation.signs().equals(List.of(Sign.EQUAL));
    if (!equation
        || !(relation.members().getFirst()
            instanceof Scalar(Expression.Symbol(String name), var _))) {
      return Optional.empty();
    }
    for (Pattern pattern : List.of(FUNCTION, SEQUENCE)) {
      Matcher matcher = pattern.matcher(name);
      if (matcher.matches()) {
        List<String> parameters = Arrays.asList(matcher.group(2).split(",", -1));
        boolean distinct = parameters.stream().distinct().count() == parameters.size();
        return distinct ? Optional.of(new Head(matcher.group(1), parameters)) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
