package dev.drpo.policy.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.engine.ScriptModule;

/** A step is one call of the script, on any device and with any number of threads. */
final class ScriptDecodeSteps implements DecodeSteps {
  private final ScriptModule script;
  private final KvCacheSize size;

  ScriptDecodeSteps(ScriptModule script, KvCacheSize size) {
    this.script = script;
    this.size = size;
  }

  @Override
  public long block() {
    return 0;
  }

  @Override
  public boolean batchInvariant() {
    return false;
  }

  @Override
  public NDArray begin(
      NDManager step, long[] places, NDArray draws, boolean greedy, boolean truncate) {
    return script.tensor(step, "begin", step.create(places), draws, greedy, truncate);
  }

  @Override
  public NDArray run(
      NDManager step,
      LiveSequences live,
      int[] rows,
      NDArray draws,
      boolean greedy,
      boolean truncate) {
    DecodeIndices at = DecodeIndices.of(live, rows, size.promptTokens());
    return script.tensor(
        step,
        "decode",
        step.create(at.indices()),
        new long[] {at.rows(), at.prompts(), at.lanes(), at.runs(), at.mostRuns()},
        new long[] {at.longestRun(), at.stride()},
        new long[] {at.longestPrompt(), size.promptTokens()},
        draws,
        greedy,
        truncate);
  }

  @Override
  public void moveRow(int source, int target, int length) {
    script.run(
        "move_row", (long) source, (long) target, (long) length, (long) size.responseTokens());
  }

  @Override
  public void movePrompt(int source, int target, int length) {
    script.run(
        "move_prompt", (long) source, (long) target, (long) length, (long) size.promptTokens());
  }
}
