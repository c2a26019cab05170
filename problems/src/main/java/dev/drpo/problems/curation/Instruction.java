package dev.drpo.problems.curation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Sentences behind a problem that ask for reasoning and a box, which recipes share. */
public enum Instruction {
  /** Of the training and evaluation of DRPO and DeepScaleR. */
  PAPER("paper", "Let's think step by step and output the final answer within \\boxed{}."),
  /** What the makers of DeepSeek-R1's distilled policies recommend. */
  R1("r1", "Please reason step by step, and put your final answer within \\boxed{}.");

  private final String id;
  private final String text;

  Instruction(String id, String text) {
    this.id = id;
    this.text = text;
  }

  /** What the command line calls it. */
  public String id() {
    return id;
  }

  /** The sentence. */
  public String text() {
    return text;
  }

  /** The instruction of a name. */
  public static Optional<Instruction> named(String id) {
    return Arrays.stream(values()).filter(instruction -> instruction.id.equals(id)).findFirst();
  }

  /** The sentences of all. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Instruction::text).toList();
  }
}
