package dev.drpo.benchmarks.device;

/** A part of the examination, which runs in a process of its own. */
public enum Part {
  NUMBERS("the same numbers as in fp32 on the CPU"),
  DECODING("decoding: speed and memory"),
  LEARNING("learning: speed and memory");

  private final String title;

  Part(String title) {
    this.title = title;
  }

  /** For people. */
  public String title() {
    return title;
  }
}
