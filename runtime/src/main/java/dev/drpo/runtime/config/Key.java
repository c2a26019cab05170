package dev.drpo.runtime.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * All that is to say of a key of the configuration, beside its name and its type, which are those
 * of the record component. The loader takes the default from here, a refusal the bounds, a resumed
 * run what may change, and docs/configuration.md everything.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Key {
  /** The value of a run that says nothing, as YAML has it; a table's as {@code name:value}. */
  String byDefault();

  /** What the value must be, after "it must be"; what the record checks. */
  String bounds() default "";

  /** For a person who reads docs/configuration.md, in Markdown. */
  String means();

  OnResume onResume() default OnResume.SHAPES_RUN;
}
