package dev.drpo.policy.sft;

import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What counts the same in the loss of a batch. */
public enum Weighing {
  /** Every response token: the loss is their mean over the batch, so that long responses lead. */
  TOKENS,
  /** Every sequence: the loss is the mean over sequences of each one's mean over its tokens. */
  SEQUENCES;

  /**
   * What a response token of a sequence of the batch weighs; the weights of all of the batch's
   * response tokens add up to 1.
   */
  ToDoubleFunction<Sequence> over(List<Sequence> batch) {
    return switch (this) {
      case TOKENS -> {
        long tokens = batch.stream().mapToLong(sequence -> sequence.response().length).sum();
        yield _ -> 1.0 / tokens;
      }
      case SEQUENCES -> sequence -> 1.0 / batch.size() / sequence.response().length;
    };
  }
}
