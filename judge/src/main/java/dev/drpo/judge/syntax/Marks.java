package dev.drpo.judge.syntax;

import dev.drpo.judge.syntax.Spellings.Meaning;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads commands that put a mark on what follows them. A letter with a mark is a name of its own, a
 * digit with a dot recurs, and i, j and k in bold or under a hat are unit vectors.
 */
final class Marks {
  private static final Set<String> ACCENTS =
      Set.of("dot", "ddot", "hat", "tilde", "check", "breve", "widehat", "widetilde");
  private static final Set<String> BARS = Set.of("bar", "overline");
  private static final Set<String> VECTORS = Set.of("vec", "overrightarrow");
  private static final Set<String> BOLD = Set.of("mathbf", "boldsymbol", "bm");

  /** All of them, since most commands are none. */
  private static final Set<String> COMMANDS =
      Stream.of(ACCENTS, BARS, VECTORS, BOLD)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private final Source source;

  Marks(Source source) {
    this.source = source;
  }

  /** Whether a command, whose name is taken, marks what follows. */
  boolean startsAt(String command) {
    return COMMANDS.contains(command) && (!BOLD.contains(command) || source.startsUnitVector());
  }

  /** What the command and its argument mean. */
  Meaning read(String command) {
    if (BARS.contains(command)) {
      return overline();
    }
    boolean vector = BOLD.contains(command) || VECTORS.contains(command) || command.endsWith("hat");
    if (vector && source.startsUnitVector()) {
      String letter = source.takeUnitVector().orElseThrow();
      return new Meaning(Kind.SYMBOL, "\\unit{" + letter + "}");
    }
    return VECTORS.contains(command) ? vector() : accent(command);
  }

  private Meaning accent(String command) {
    if (command.equals("dot")) {
      Optional<String> digit = source.takeDigit();
      if (digit.isPresent()) {
        return new Meaning(Kind.DOTTED_DIGIT, digit.get());
      }
    }
    String plain = command.startsWith("wide") ? command.substring("wide".length()) : command;
    return source
        .takeArgument()
        .map(marked -> new Meaning(Kind.SYMBOL, "\\" + plain + "{" + marked + "}"))
        .orElseGet(() -> new Meaning(Kind.OTHER, "\\" + command));
  }

  /** A bar over digits makes them recur, over letters a name, and over a number its conjugate. */
  private Meaning overline() {
    if (source.startsDigit()) {
      return Meaning.of(Kind.OVERLINE);
    }
    Optional<String> letters = source.takeLetters();
    if (letters.isPresent()) {
      return new Meaning(Kind.SYMBOL, "\\overline{" + letters.get() + "}");
    }
    return Meaning.of(source.startsExpression() ? Kind.CONJUGATE : Kind.OVERLINE);
  }

  /** A vector from one point to another is a name of its own; from nowhere, it is its letter. */
  private Meaning vector() {
    Optional<String> name = source.takeArgument();
    if (name.filter(n -> n.length() == 1).isPresent()) {
      return new Meaning(Kind.WORD, name.get());
    }
    return new Meaning(
        name.isPresent() ? Kind.SYMBOL : Kind.OTHER, "\\vec{" + name.orElse("") + "}");
  }
}
