package dev.drpo.judge;

import dev.drpo.judge.verdict.Rule;

/** What the search for an answer in a response came to. */
sealed interface Extraction {
  /** The text inside the box that counts, as written. */
  record Found(String text) implements Extraction {}

  /** The response gives no answer. */
  record Missing(Rule rule) implements Extraction {}
}
