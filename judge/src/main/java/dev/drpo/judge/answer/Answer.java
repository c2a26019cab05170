package dev.drpo.judge.answer;

import dev.drpo.judge.expression.Expression;
import java.util.List;
import java.util.Optional;

/** What an answer says, by its form. */
public sealed interface Answer {

  /** A number or an expression, with what it counts. */
  record Scalar(Expression value, Unit unit) implements Answer {
    public static Scalar of(Expression value) {
      return new Scalar(value, Unit.NONE);
    }
  }

  /**
   * A numeral that names its base.
   *
   * @param digits without leading zeros, letters in upper case
   */
  record Numeral(String digits, int base) implements Answer {}

  /**
   * {@code 3:1}, or a time of day.
   *
   * @param halfOfDay {@code am} or {@code pm}, if it is written
   */
  record Ratio(List<Expression> parts, Optional<String> halfOfDay) implements Answer {
    public Ratio {
      parts = List.copyOf(parts);
    }
  }

  /** A tuple, point or interval: at least two elements in order, in brackets that count. */
  record Bracketed(Bracket open, List<Answer> elements, Bracket close) implements Answer {
    public Bracketed {
      elements = List.copyOf(elements);
    }
  }

  /** A kind of bracket. As an interval's end, {@link #SQUARE} includes it. */
  enum Bracket {
    ROUND,
    SQUARE
  }

  /**
   * A list or a set, whose order doesn't matter; no elements make the empty set.
   *
   * @param alternatives whether the elements are joined by "or" alone
   */
  record Listing(List<Answer> elements, boolean alternatives) implements Answer {
    public static final Listing EMPTY = new Listing(List.of());

    public Listing {
      elements = List.copyOf(elements);
    }

    public Listing(List<Answer> elements) {
      this(elements, false);
    }
  }

  /** The numbers of a kind, such as {@code R} for the reals. */
  record NumberSet(String name) implements Answer {}

  /**
   * The members of a set that satisfy a condition.
   *
   * @param variable the name that the condition has for a member
   */
  record SetBuilder(String variable, Answer base, Answer condition) implements Answer {}

  /**
   * Values for every member of a set of integers: {@code n\pi, n \in \mathbb{Z}}.
   *
   * @param index the name that the values have for a member of {@code base}
   */
  record Family(List<Answer> values, String index, Answer base) implements Answer {
    public Family {
      values = List.copyOf(values);
    }
  }

  /**
   * Terms that go on as they began: {@code 1, 3, 5, \ldots}.
   *
   * @param backwards whether they also go on before the first
   * @param last where they end, if they do
   */
  record Progression(boolean backwards, List<Expression> terms, Optional<Expression> last)
      implements Answer {
    public Progression {
      terms = List.copyOf(terms);
    }
  }

  /**
   * What leaves the same remainder: {@code x \equiv 3 \pmod 5}, or a residue class alone.
   *
   * @param members one or more, all of them congruent
   */
  record Congruence(List<Expression> members, Expression modulus) implements Answer {
    public Congruence {
      members = List.copyOf(members);
    }
  }

  record Combination(SetOperation operation, Answer left, Answer right) implements Answer {}

  enum SetOperation {
    UNION,
    INTERSECTION,
    DIFFERENCE
  }

  /** Entries by row; all rows are of one length. */
  record Matrix(List<List<Expression>> rows) implements Answer {
    public Matrix {
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * A function by its pieces.
   *
   * @param conditions where each of the {@code values} holds
   */
  record Piecewise(List<Answer> values, List<Answer> conditions) implements Answer {
    public Piecewise {
      values = List.copyOf(values);
      conditions = List.copyOf(conditions);
    }
  }

  /** {@code members[0] signs[0] members[1] signs[1] …}, such as {@code 1 < x \le 2}. */
  record Relation(List<Answer> members, List<Sign> signs) implements Answer {
    public Relation {
      members = List.copyOf(members);
      signs = List.copyOf(signs);
    }

    /** What the relation says between two neighbours. */
    public enum Sign {
      EQUAL,
      /** Illustrates an exact value in decimals. */
      APPROXIMATELY,
      NOT_EQUAL,
      LESS,
      LESS_OR_EQUAL,
      GREATER,
      GREATER_OR_EQUAL,
      ELEMENT_OF,
      NOT_ELEMENT_OF,
      /** Same remainders; the modulus may stand with a later element. */
      CONGRUENT
    }
  }

  /** Words of a language, as written but for the spaces. */
  record Words(List<String> words) implements Answer {
    public Words {
      words = List.copyOf(words);
    }
  }

  /** A letter that names one of the choices given. */
  record Choice(char letter) implements Answer {}
}
