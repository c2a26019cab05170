package dev.drpo.cli.process;

/** Tells whether a service serves yet. */
@FunctionalInterface
public interface Readiness {
  /** Asks once; takes seconds at most. */
  State probe(ServiceProcess process);

  /** The answer of one probe. */
  sealed interface State {
    /** The service serves. */
    record Ready() implements State {}

    /**
     * The service does not serve yet.
     *
     * @param reason what is missing, for a person
     * @param silent whether it does not answer at all, so that only its use of the processor tells
     *     whether it gets on
     */
    record Waiting(String reason, boolean silent) implements State {}
  }
}
