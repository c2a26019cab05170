package dev.drpo.cli.images;

/** A program that builds images has failed; it has said why. */
final class ProgramFailure extends RuntimeException {
  ProgramFailure(String message) {
    super(message);
  }
}
