package dev.drpo.policy;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.trainer.MicroBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random prompts, responses and coefficients. */
public final class RandomSequences {
  private final Random random;
  private final int vocabulary;

  public RandomSequences(ModelConfig config, long seed) {
    this.random = new Random(seed);
    this.vocabulary = config.vocabularySize();
  }

  public int[] tokens(int count) {
    return random.ints(count, 0, vocabulary).toArray();
  }

  /** Sequences with prompts of their own. */
  public List<MicroBatch.Sequence> alone(int count, int longestPrompt, int longestResponse) {
    List<MicroBatch.Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.addAll(group(1, longestPrompt, longestResponse));
    }
    return sequences;
  }

  /** Responses of different lengths to one prompt, the first of one token. */
  public List<MicroBatch.Sequence> group(int size, int longestPrompt, int longestResponse) {
    int[] prompt = tokens(1 + random.nextInt(longestPrompt));
    List<MicroBatch.Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int length = size > 1 && i == 0 ? 1 : 1 + random.nextInt(longestResponse);
      sequences.add(new MicroBatch.Sequence(prompt, tokens(length)));
    }
    return sequences;
  }

  public float[] coefficients(MicroBatch batch) {
    float[] coefficients = new float[batch.responseTokens()];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = (float) random.nextGaussian();
    }
    return coefficients;
  }
}
