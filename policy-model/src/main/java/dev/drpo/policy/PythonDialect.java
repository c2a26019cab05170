package dev.drpo.policy;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;

/** Jinja as the Python library has it, for which chat templates are written. */
final class PythonDialect {
  private PythonDialect() {}

  /** A template's own refusal of what it is to render. */
  static final class Raised extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Raised(String message) {
      super(message);
    }
  }

  static Jinjava create() {
    return new Jinjava(
        JinjavaConfig.newBuilder()
            .withTrimBlocks(true)
            .withLstripBlocks(true)
            // Message contents are text: braces in a formula are no template.
            .withNestedInterpretationEnabled(false)
            // Whitespace control and operators as in Python.
            .withLegacyOverrides(
                LegacyOverrides.newBuilder()
                    .withUseTrimmingForNotesAndExpressions(true)
                    .withUseNaturalOperatorPrecedence(true)
                    .build())
            .withMaxOutputSize(64L << 20)
            .build());
  }
}
