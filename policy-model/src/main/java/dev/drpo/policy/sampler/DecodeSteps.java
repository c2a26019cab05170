package dev.drpo.policy.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** How decode steps run and where a sampler's keys and values lie. */
interface DecodeSteps {
  /** Positions of the blocks that prompts' keys are stored in; 0 if there are no blocks. */
  long block();

  /**
   * Whether the bits of what is drawn for a row depend on its sequence alone, not on what else is
   * decoded. Prompts are prefilled one by one then.
   */
  boolean batchInvariant();

  /**
   * Draws the first tokens of responses.
   *
   * @param step owns what comes out
   * @param places of their prompts
   * @param draws {@code [5, places]}, see {@code sampling.torchscript}
   * @return {@code [3, places]}: tokens and their log-probabilities
   */
  NDArray begin(NDManager step, long[] places, NDArray draws, boolean greedy, boolean truncate);

  /**
   * Feeds rows' last tokens and draws the next.
   *
   * @param step owns what comes out
   * @param rows those that advance, in their order; there is room for the tokens
   * @param draws {@code [5, rows]}, see {@code sampling.torchscript}
   * @return {@code [3, rows]}: tokens and their log-probabilities
   */
  NDArray run(
      NDManager step,
      LiveSequences live,
      int[] rows,
      NDArray draws,
      boolean greedy,
      boolean truncate);

  /** Copies what is cached of a row that has a place of its own over another. */
  void moveRow(int source, int target, int length);

  /** Copies a prompt over another. */
  void movePrompt(int source, int target, int length);
}
