package dev.drpo.cli.generate;

import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.policy.text.PolicyTokenizer;
import java.util.Locale;

/** Answers one prompt on standard output: as it is drawn, as texts one after the other, or JSON. */
final class SinglePrompt {
  private static final LineId ID = new LineId.Numeral("1");

  private SinglePrompt() {}

  /**
   * Samples and prints.
   *
   * @throws OutputFailure if the output can't be written
   * @throws dev.drpo.generation.EngineStoppedException if the engine dies
   * @throws InterruptedException if the thread was interrupted
   */
  static SampledGroup answer(
      PolicyEngine engine, int[] prompt, PolicyTokenizer tokenizer, int samples, boolean json)
      throws OutputFailure, InterruptedException {
    LineOutput out = LineOutput.standard();
    if (samples == 1 && !json) {
      return LiveResponse.print(engine, prompt, tokenizer, out);
    }
    SampledGroup group = Results.await(engine.submit(prompt, ResponseListener.NONE));
    out.write(json ? new ResponseLines(tokenizer).of(ID, prompt, group) : texts(group, tokenizer));
    return group;
  }

  private static String texts(SampledGroup group, PolicyTokenizer tokenizer) {
    StringBuilder texts = new StringBuilder();
    for (int sample = 0; sample < group.responses().size(); sample++) {
      SampledResponse response = group.responses().get(sample);
      texts.append(
          String.format(
              Locale.ROOT,
              "--- sample %d: %,d tokens, %s\n%s\n",
              sample,
              response.tokens().length,
              ResponseLines.name(response.finishReason()),
              tokenizer.decode(response.tokens())));
    }
    return texts.toString();
  }
}
