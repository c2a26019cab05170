package dev.drpo.runtime.messaging;

/** How a lease ends. */
sealed interface Settlement {
  /** The result is published; the record is done. */
  record Complete() implements Settlement {}

  /** Another worker shall have the record now. */
  record Release() implements Settlement {}

  /** Nobody can work on the record. */
  record Reject(String reason) implements Settlement {}

  /** The lease ended without its holder's doing: it expired, or the queue closed. */
  record Withdrawn() implements Settlement {}
}
