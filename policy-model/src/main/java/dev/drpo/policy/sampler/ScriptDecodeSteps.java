package dev.drpo.policy.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.engine.ScriptModule;

/** A step is one call of the script, on any device and with any number of threads. */
final class ScriptDecodeSteps implements DecodeSteps {
  private final ScriptModule script;
  private final int keyValueHeads;

  ScriptDecodeSteps(ScriptModule script, int keyValueHeads) {
    this.script = script;
    this.keyValueHeads = keyValueHeads;
  }

  @Override
  public long block() {
    return 0;
  }

  @Override
  public NDArray run(
      NDManager step, LiveSequences live, NDArray draws, boolean greedy, boolean truncate) {
    LiveSequences.Step at = live.step(keyValueHeads);
    return script.tensor(
        step,
        "decode",
        step.create(at.indices()),
        (long) at.rows(),
        (long) at.prompts(),
        (long) at.lanes(),
        (long) at.longestResponse(),
        (long) at.longestPrompt(),
        draws,
        greedy,
        truncate);
  }

  @Override
  public void moveRow(int source, int target, int length) {
    script.run("move_row", (long) source, (long) target, (long) length);
  }

  @Override
  public void movePrompt(int source, int target, int length) {
    script.run("move_prompt", (long) source, (long) target, (long) length);
  }
}
