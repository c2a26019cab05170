package dev.drpo.policy.text.jinja;

import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/** The methods of Python's strings that chat templates call. Java's own are of other names. */
final class PythonStrings extends ELResolver {
  private static final Pattern WORD_START = Pattern.compile("(?<![\\p{L}])\\p{L}");

  @Override
  public Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
    if (!(base instanceof CharSequence)) {
      return null;
    }
    List<String> texts =
        Arrays.stream(arguments).map(argument -> Objects.toString(argument, null)).toList();
    Optional<Object> result = call(base.toString(), method.toString(), texts);
    context.setPropertyResolved(result.isPresent());
    return result.orElse(null);
  }

  private static Optional<Object> call(String text, String method, List<String> arguments) {
    String first = arguments.isEmpty() ? null : arguments.getFirst();
    return Optional.ofNullable(
        switch (method + "/" + arguments.size()) {
          case "strip/0", "strip/1" -> strip(text, first, true, true);
          case "lstrip/0", "lstrip/1" -> strip(text, first, true, false);
          case "rstrip/0", "rstrip/1" -> strip(text, first, false, true);
          case "split/0", "split/1" -> split(text, first);
          case "startswith/1" -> text.startsWith(first);
          case "endswith/1" -> text.endsWith(first);
          case "replace/2" -> text.replace(first, arguments.getLast());
          case "upper/0" -> text.toUpperCase(Locale.ROOT);
          case "lower/0" -> text.toLowerCase(Locale.ROOT);
          case "title/0" ->
              WORD_START
                  .matcher(text.toLowerCase(Locale.ROOT))
                  .replaceAll(letter -> letter.group().toUpperCase(Locale.ROOT));
          default -> null;
        });
  }

  /** Takes off blanks, or the characters of a set. */
  private static String strip(String text, String set, boolean left, boolean right) {
    int begin = 0;
    int end = text.length();
    while (left && begin < end && isStripped(text.charAt(begin), set)) {
      begin++;
    }
    while (right && begin < end && isStripped(text.charAt(end - 1), set)) {
      end--;
    }
    return text.substring(begin, end);
  }

  private static boolean isStripped(char c, String set) {
    return set == null ? Character.isWhitespace(c) : set.indexOf(c) >= 0;
  }

  /** Splits at every separator, empty parts kept, or at runs of blanks. */
  private static List<String> split(String text, String separator) {
    if (separator == null) {
      return text.isBlank() ? List.of() : new ArrayList<>(List.of(text.strip().split("\\s+")));
    }
    return new ArrayList<>(List.of(text.split(Pattern.quote(separator), -1)));
  }

  @Override
  public Object getValue(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    // Properties are for the resolvers behind this one.
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return Collections.emptyIterator();
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return Object.class;
  }
}
