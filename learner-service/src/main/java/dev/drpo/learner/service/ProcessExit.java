package dev.drpo.learner.service;

/** Ends the process in an orderly way, without waiting for it. */
interface ProcessExit {
  void with(int code);
}
