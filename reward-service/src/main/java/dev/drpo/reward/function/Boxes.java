package dev.drpo.reward.function;

import java.util.List;

/**
 * The boxes of a text, found in one scan.
 *
 * @param opened boxes that begin
 * @param filled boxes that end and hold more than space
 */
record Boxes(int opened, int filled) {
  private static final List<String> COMMANDS = List.of("\\boxed", "\\fbox");

  boolean isOneWithContent() {
    return opened == 1 && filled == 1;
  }

  static Boxes in(String text, int from) {
    int opened = 0;
    int filled = 0;
    int content = -1;
    int depth = 0;
    int boxDepth = -1;
    for (int at = from; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case '\\' -> {
          int inside = contentOfBox(text, at);
          if (inside < 0) {
            // Skips the escaped character too: \{ and \} are no braces.
            at++;
          } else {
            opened++;
            // Of several boxes none is looked into: they are too many already.
            content = inside;
            boxDepth = depth++;
            at = inside - 1;
          }
        }
        case '{' -> depth++;
        case '}' -> {
          depth = Math.max(0, depth - 1);
          if (depth == boxDepth) {
            filled += text.substring(content, at).isBlank() ? 0 : 1;
            boxDepth = -1;
          }
        }
        default -> {}
      }
    }
    return new Boxes(opened, filled);
  }

  /** Index of the content of the box whose command stands at {@code at}, or -1. */
  private static int contentOfBox(String text, int at) {
    for (String command : COMMANDS) {
      if (text.startsWith(command, at)) {
        int brace = at + command.length();
        while (brace < text.length() && text.charAt(brace) == ' ') {
          brace++;
        }
        return brace < text.length() && text.charAt(brace) == '{' ? brace + 1 : -1;
      }
    }
    return -1;
  }
}
