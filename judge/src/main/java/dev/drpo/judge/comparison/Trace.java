package dev.drpo.judge.comparison;

import java.util.function.Supplier;

/** Follows a comparison, for people. */
@FunctionalInterface
public interface Trace {
  /** Follows nothing, at no cost. */
  Trace NONE = (subject, finding) -> {};

  void note(String subject, Supplier<String> finding);
}
