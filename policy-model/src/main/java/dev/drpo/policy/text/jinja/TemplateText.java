package dev.drpo.policy.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template's text, whose tags can be rewritten without touching string literals, comments or the
 * text between tags.
 *
 * @param source the text
 */
record TemplateText(String source) {
  /** Stands in for the literal of that number while a tag is rewritten. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\"(\\d+)\"");

  /**
   * Rewrites every tag; its string literals look like {@code "0"}, {@code "1"} meanwhile. A block
   * or comment that begins a line loses the blanks before it, and one inside a line keeps them.
   */
  String rewriteTags(UnaryOperator<String> rewrite) {
    StringBuilder rewritten = new StringBuilder();
    int at = 0;
    while (at < source.length()) {
      if (source.startsWith("{%", at) || source.startsWith("{#", at)) {
        rewritten.setLength(rewritten.length() - indentation(at));
      }
      if (source.startsWith("{#", at)) {
        int end = source.indexOf("#}", at);
        int next = end < 0 ? source.length() : end + 2;
        rewritten.append(source, at, next);
        at = next;
      } else if (source.startsWith("{{", at) || source.startsWith("{%", at)) {
        int next = endOfTag(at + 2, source.charAt(at + 1) == '{' ? "}}" : "%}");
        rewritten.append(withoutLiterals(source.substring(at, next), rewrite));
        at = next;
      } else {
        rewritten.append(source.charAt(at++));
      }
    }
    return rewritten.toString();
  }

  /** Blanks before a tag that begins a line; 0 if it does not, or asks to keep them. */
  private int indentation(int tag) {
    if (source.startsWith("+", tag + 2)) {
      return 0;
    }
    int line = source.lastIndexOf('\n', tag) + 1;
    return source.substring(line, tag).isBlank() ? tag - line : 0;
  }

  private int endOfTag(int from, String close) {
    int at = from;
    while (at < source.length()) {
      if (source.startsWith(close, at)) {
        return at + 2;
      }
      at = isQuote(source.charAt(at)) ? endOfLiteral(source, at) : at + 1;
    }
    return source.length();
  }

  private static String withoutLiterals(String tag, UnaryOperator<String> rewrite) {
    List<String> literals = new ArrayList<>();
    StringBuilder skeleton = new StringBuilder();
    int at = 0;
    while (at < tag.length()) {
      if (isQuote(tag.charAt(at))) {
        int end = endOfLiteral(tag, at);
        skeleton.append('"').append(literals.size()).append('"');
        literals.add(tag.substring(at, end));
        at = end;
      } else {
        skeleton.append(tag.charAt(at++));
      }
    }
    return PLACEHOLDER
        .matcher(rewrite.apply(skeleton.toString()))
        .replaceAll(
            match -> Matcher.quoteReplacement(literals.get(Integer.parseInt(match.group(1)))));
  }

  private static boolean isQuote(char c) {
    return c == '\'' || c == '"';
  }

  /** The place behind the literal that begins at a quote. */
  private static int endOfLiteral(String text, int from) {
    for (int at = from + 1; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.charAt(at) == text.charAt(from)) {
        return at + 1;
      }
    }
    return text.length();
  }
}
