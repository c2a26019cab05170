package dev.drpo.cli.rollouts;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.ScoredGroup;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** The options that choose among groups and their responses. */
final class Selection {
  @Option(
      names = "--step",
      paramLabel = "N",
      description = "Only groups of this training step, counted from 1.")
  private Long step;

  @Option(names = "--prompt", paramLabel = "ID", description = "Only groups of this problem.")
  private String prompt;

  @Option(names = "--right", description = "Only responses whose answer is right.")
  private boolean right;

  @Option(names = "--wrong", description = "Only responses whose answer is not right.")
  private boolean wrong;

  @Option(
      names = "--evaluation",
      description = "Groups of evaluations instead of training; --step is then the policy's.")
  private boolean evaluation;

  /** Everything. */
  Selection() {}

  Selection(Long step, String prompt, boolean right, boolean wrong, boolean evaluation) {
    this.step = step;
    this.prompt = prompt;
    this.right = right;
    this.wrong = wrong;
    this.evaluation = evaluation;
  }

  /**
   * Refuses what selects nothing.
   *
   * @throws UsageError if it does
   */
  void check() {
    if (right && wrong) {
      throw new UsageError("--right and --wrong leave no response; give one of them");
    }
    if (step != null && step < (evaluation ? 0 : 1)) {
      throw new UsageError(
          "--step is %d; it must be %d or more".formatted(step, evaluation ? 0 : 1));
    }
  }

  /** Whether a group is among those chosen, whatever its responses are. */
  boolean has(GroupId id) {
    boolean ofEvaluation = id.getPurpose() == Purpose.PURPOSE_EVALUATION;
    return ofEvaluation == evaluation
        && (step == null || step == shownStep(id))
        && (prompt == null || prompt.equals(id.getPrompt()));
  }

  /** Whether a kept group of training is among those chosen. */
  boolean has(long shownStep, String problem) {
    return (step == null || step == shownStep) && (prompt == null || prompt.equals(problem));
  }

  /** Whether a response of this worth is among those chosen. */
  boolean has(boolean isRight) {
    return isRight ? !wrong : !right;
  }

  /** Whether groups of evaluations are asked for, not of training. */
  boolean isOfEvaluations() {
    return evaluation;
  }

  /** Indices of the group's responses that are chosen. */
  List<Integer> responses(ScoredGroup group) {
    return IntStream.range(0, group.getVerdictsCount())
        .filter(i -> has(group.getVerdicts(i).getOutcome() == Outcome.OUTCOME_EQUAL))
        .boxed()
        .toList();
  }

  /** Whether responses are left out by what they are worth. */
  boolean choosesResponses() {
    return right || wrong;
  }

  /** A step as people count: training from 1, while evaluations are of a policy's step, from 0. */
  static long shownStep(GroupId id) {
    return id.getPurpose() == Purpose.PURPOSE_EVALUATION ? id.getStep() : id.getStep() + 1;
  }
}
