package dev.drpo.judge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The boxes of a text, {@code \boxed{…}} and {@code \fbox{…}}, found in one scan. A box ends with
 * the brace that balances its own; {@code \{} and {@code \}} are no braces.
 */
public final class Boxes {
  private static final String[] COMMANDS = {"\\boxed", "\\fbox"};

  /** Marks an open brace that belongs to no box. */
  private static final int PLAIN = -1;

  private final String text;
  private final int end;

  /** Per open brace, the index behind it if it opens a box, else {@link #PLAIN}. */
  private int[] open = new int[16];

  private int depth;
  private int begun;
  private final List<Box> outermost = new ArrayList<>();

  /** The part of the text that lies between a box's braces. */
  private record Box(int start, int end) {}

  private Boxes(String text, int end) {
    this.text = text;
    this.end = end;
  }

  /**
   * Finds the boxes of a part of a text.
   *
   * @param start index of the part's first character
   * @param end index behind its last; nothing behind it is looked at
   */
  public static Boxes in(String text, int start, int end) {
    Boxes boxes = new Boxes(text, end);
    boxes.scan(start);
    return boxes;
  }

  /** How many boxes begin: those inside others count, and those that never end. */
  public int begun() {
    return begun;
  }

  /** What complete boxes hold, in the order of the text; a box inside another is part of it. */
  public List<String> contents() {
    return outermost.stream().map(box -> text.substring(box.start(), box.end())).toList();
  }

  private void scan(int start) {
    int at = start;
    while (at < end) {
      switch (text.charAt(at)) {
        case '\\' -> {
          int content = contentOfBox(at);
          if (content == PLAIN) {
            // Skips the escaped character too: \{ and \} are no braces.
            at += 2;
          } else {
            begun++;
            push(content);
            at = content;
          }
        }
        case '{' -> {
          push(PLAIN);
          at++;
        }
        case '}' -> {
          if (depth > 0 && open[--depth] != PLAIN) {
            close(new Box(open[depth], at));
          }
          at++;
        }
        default -> at++;
      }
    }
  }

  private void close(Box box) {
    while (!outermost.isEmpty() && outermost.getLast().start() > box.start()) {
      outermost.removeLast();
    }
    outermost.add(box);
  }

  /** Index of the content of the box whose command starts at {@code at}, or {@link #PLAIN}. */
  private int contentOfBox(int at) {
    for (String command : COMMANDS) {
      if (text.startsWith(command, at)) {
        int brace = at + command.length();
        while (brace < end && Character.isWhitespace(text.charAt(brace))) {
          brace++;
        }
        return brace < end && text.charAt(brace) == '{' ? brace + 1 : PLAIN;
      }
    }
    return PLAIN;
  }

  private void push(int content) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    open[depth++] = content;
  }
}
