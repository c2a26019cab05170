package dev.drpo.policy.text.jinja;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import dev.drpo.policy.json.PythonJson;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;

/** What transformers adds to Jinja for chat templates. */
public final class TemplateFunctions {
  private TemplateFunctions() {}

  static void register(Context context) {
    context.registerFunction(function("raise_exception", "raise"));
    context.registerFunction(function("strftime_now", "now"));
    context.registerFilter(new ToJson());
  }

  private static ELFunctionDefinition function(String name, String method) {
    return new ELFunctionDefinition("", name, TemplateFunctions.class, method, String.class);
  }

  /** {@code raise_exception(message)}. */
  @SuppressWarnings("DoNotCallSuggester") // Templates call it, by its name.
  public static String raise(String message) {
    throw new RefusedConversation(message);
  }

  /** {@code strftime_now(format)}. */
  public static String now(String format) {
    return StrftimeFormatter.format(ZonedDateTime.now(ZoneId.systemDefault()), format);
  }

  /** The filter {@code tojson}, with Python's spaces. */
  private static final class ToJson implements Filter {
    @Override
    public String getName() {
      return "tojson";
    }

    @Override
    public Object filter(
        Object value,
        JinjavaInterpreter interpreter,
        Object[] arguments,
        Map<String, Object> named) {
      return named.get("indent") instanceof Number indent
          ? PythonJson.indented(value, indent.intValue())
          : PythonJson.line(value);
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
      return PythonJson.line(value);
    }
  }
}
