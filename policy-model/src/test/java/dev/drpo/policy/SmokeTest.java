package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmokeTest {
  @TempDir Path dir;

  @Test
  void works() throws Exception {
    ModelConfig c = new ModelConfig(46, 160, 432, 4, 5, 1, 512, 10000, 1e-6, true);
    PolicyInitializer.write(dir.resolve("model.safetensors"), c, 0.06, 1);
    TensorEngine.prepareThread();
    try (NDManager m = TensorEngine.newManager();
        SafetensorsFile f = SafetensorsFile.open(dir.resolve("model.safetensors"))) {
      System.out.println(PolicyDigest.of(f));
      Decoder d = Decoder.load(m, c, f);
      float[] lg = d.logits(new long[][] {{1, 2, 3, 4}, {4, 5, 6, 7}});
      System.out.println(lg.length + " " + Arrays.toString(Arrays.copyOf(lg, 5)));
      PolicySampler s = new PolicySampler(d, 8, 64);
      PolicySampler.Tokens t =
          s.prefill(
              new int[] {1, 2, 3},
              0,
              new PolicySampler.Draws(
                  new float[] {1, 1, 0, 0.5f},
                  new float[] {1, 1, 1, 0.9f},
                  new double[] {.1, .5, .3, .9}));
      System.out.println(Arrays.toString(t.tokens()) + Arrays.toString(t.logProbabilities()));
      t =
          s.decode(
              t.tokens(),
              new long[] {3, 3, 3, 3},
              new PolicySampler.Draws(
                  new float[] {1, 1, 0, 0.5f},
                  new float[] {1, 1, 1, 1},
                  new double[] {.1, .5, .3, .9}));
      System.out.println(Arrays.toString(t.tokens()) + Arrays.toString(t.logProbabilities()));
    }
    try (NDManager m = TensorEngine.newManager();
        SafetensorsFile f = SafetensorsFile.open(dir.resolve("model.safetensors"))) {
      PolicyTrainer tr = new PolicyTrainer(Decoder.load(m, c, f));
      for (int i = 0; i < 30; i++) {
        MicroBatch b =
            MicroBatch.of(
                List.of(
                    new MicroBatch.Sequence(new int[] {1, 2, 3}, new int[] {4, 5, 6}),
                    new MicroBatch.Sequence(new int[] {1, 2}, new int[] {7, 8, 9, 1})));
        tr.zeroGradients();
        try (PolicyTrainer.Forward fw = tr.forward(b, 1.0)) {
          if (i % 10 == 0 || i == 29) System.out.println(Arrays.toString(fw.logProbabilities()));
          float[] co = new float[7];
          Arrays.fill(co, -1f / 7);
          fw.backward(co);
        }
        double n = tr.optimize(new PolicyTrainer.AdamW(1e-3, .9, .98, 1e-8, .01, 1));
        if (i % 10 == 0) System.out.println(n + " " + tr.optimizerSteps());
      }
      tr.saveMoments(dir.resolve("m.safetensors"));
      try (SafetensorsFile mf = SafetensorsFile.open(dir.resolve("m.safetensors"))) {
        tr.restoreMoments(mf, 30);
      }
    }
    assertThat(dir).exists();
  }
}
