package dev.drpo.cli.doctor;

/**
 * One thing that a machine has or lacks.
 *
 * @param subject what was looked at
 * @param found what there is
 * @param remedy what to do about it; empty where nothing has to be done
 */
record Finding(Status status, String subject, String found, String remedy) {

  /** What a finding means for what was asked of the machine. */
  enum Status {
    /** It is as it should be. */
    OK,
    /** Runs start, and could be faster or larger. */
    ADVICE,
    /** Runs can't start. */
    FAILED
  }

  static Finding ok(String subject, String found) {
    return new Finding(Status.OK, subject, found, "");
  }

  static Finding advice(String subject, String found, String remedy) {
    return new Finding(Status.ADVICE, subject, found, remedy);
  }

  static Finding failed(String subject, String found, String remedy) {
    return new Finding(Status.FAILED, subject, found, remedy);
  }

  boolean hasFailed() {
    return status == Status.FAILED;
  }
}
