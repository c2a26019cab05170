package dev.drpo.policy.text.jinja;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import dev.drpo.policy.PolicyFormatException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jinjava.javax.el.CompositeELResolver;

/**
 * A Jinja template with the meaning that it has in Python, as transformers sets the library up.
 * What would silently mean something else here is rewritten or refused. Two differences stay: an
 * undefined value counts as none, and printed booleans are lower-case.
 */
public final class JinjaTemplate {
  /** Python reads it as {@code not (x is defined)}, jinjava as {@code (not x) is defined}. */
  private static final Pattern NEGATED_TEST =
      Pattern.compile("\\bnot\\s+(\\w+(?:\\.\\w+|\\[[^\\]]*\\])*)\\s+is\\s+(?!not\\b)(\\w+)");

  private static final Pattern FILTERED_LOOP =
      Pattern.compile("\\{%[-+]?\\s*for\\s.*\\sin\\s.*\\sif\\s(?!.*\\selse\\s).*", Pattern.DOTALL);

  private static final Pattern FILTER = Pattern.compile("\\|\\s*([A-Za-z_]\\w*)");

  private final String name;
  private final String source;
  private final Jinjava jinjava;

  /**
   * Checks a template.
   *
   * @param name what the template is called in errors
   * @throws PolicyFormatException if it uses a construct that is not supported
   */
  public JinjaTemplate(String name, String source) {
    this.name = name;
    this.jinjava = new Jinjava(config());
    TemplateFunctions.register(jinjava.getGlobalContext());
    // Jinja drops one newline at a template's end; jinjava keeps it.
    String text = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
    this.source = new TemplateText(text).rewriteTags(this::adapt);
  }

  private static JinjavaConfig config() {
    CompositeELResolver resolver = new CompositeELResolver();
    resolver.add(new PythonStrings());
    resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
    return JinjavaConfig.newBuilder()
        .withElResolver(resolver)
        // The text has lost its blanks before: jinjava's own way takes those inside lines too.
        .withTrimBlocks(true)
        .withLstripBlocks(false)
        // Message contents are text: braces in a formula are no template.
        .withNestedInterpretationEnabled(false)
        // Whitespace control and operators as in Python.
        .withLegacyOverrides(
            LegacyOverrides.newBuilder()
                .withUseTrimmingForNotesAndExpressions(true)
                .withUseNaturalOperatorPrecedence(true)
                .build())
        .withMaxOutputSize(64L << 20)
        .build();
  }

  private String adapt(String tag) {
    if (FILTERED_LOOP.matcher(tag).matches()) {
      throw unsupported("a loop with a condition of its own, 'for … in … if …'");
    }
    Matcher filters = FILTER.matcher(tag);
    while (filters.find()) {
      if (jinjava.getGlobalContext().getFilter(filters.group(1)) == null) {
        throw unsupported("the filter " + filters.group(1));
      }
    }
    return NEGATED_TEST.matcher(tag).replaceAll("$1 is not $2");
  }

  private PolicyFormatException unsupported(String what) {
    return new PolicyFormatException(
        name + " uses " + what + ", which is not supported; rewrite the template without it");
  }

  /**
   * Renders the template.
   *
   * @throws RefusedConversation if the template itself refuses, by {@code raise_exception}
   * @throws PolicyFormatException if the template fails
   */
  public String render(Map<String, ?> variables) {
    RenderResult result = jinjava.renderForResult(source, variables);
    if (result.getErrors().isEmpty()) {
      return result.getOutput();
    }
    TemplateError error = result.getErrors().getFirst();
    for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
      if (cause instanceof RefusedConversation refused) {
        throw refused;
      }
    }
    throw new PolicyFormatException(
        name + " failed in line " + error.getLineno() + ": " + error.getMessage());
  }
}
