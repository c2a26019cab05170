package dev.drpo.rollout.work;

/** A task asks for weights that the learner had published before it resumed from an older step. */
final class TakenBackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TakenBackException(long newestStep) {
    // Without a stack trace: nothing went wrong here.
    super(
        "its weights were published before the learner resumed from an older step; it is at step %d now and sends the task again when it gets there"
            .formatted(newestStep),
        null,
        false,
        false);
  }
}
