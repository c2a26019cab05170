package dev.drpo.cli.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.drpo.cli.rehearse.AssociativeWeights.Association;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.PolicyScorer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssociativeWeightsTest {
  private static final ModelConfig POLICY = RehearsalShape.TINY.policy();

  @TempDir private Path folder;

  @Test
  void whatIsAssociatedFollows() throws IOException {
    Path file = folder.resolve("model.safetensors");
    new AssociativeWeights(
            POLICY,
            List.of(
                new Association(3, List.of(400)),
                new Association(400, List.of(17)),
                new Association(17, List.of(5, 6))))
        .write(file);

    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    try (SafetensorsFile weights = SafetensorsFile.open(file);
        NDManager manager = TensorEngine.newManager();
        PolicyScorer scorer =
            new PolicyScorer(Decoder.load(manager, POLICY, weights), ElementType.F32)) {
      List<float[]> found =
          scorer.logProbabilities(
              List.of(new int[] {9, 3, 400, 17, 5}, new int[] {9, 3, 400, 17, 6}), 1);

      for (float[] one : found) {
        assertThat(Math.exp(one[1])).isGreaterThan(0.99);
        assertThat(Math.exp(one[2])).isGreaterThan(0.99);
      }
      double five = Math.exp(found.get(0)[3]);
      double six = Math.exp(found.get(1)[3]);
      assertThat(five + six).isGreaterThan(0.99);
      assertThat(Math.min(five, six)).isGreaterThan(0.05);
    }
  }

  @Test
  void theFileIsInBfloat16AndTheSameEveryTime() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    AssociativeWeights weights =
        new AssociativeWeights(POLICY, List.of(new Association(1, List.of(2))));

    weights.write(first);
    weights.write(second);

    assertThat(first).hasSameBinaryContentAs(second);
    try (SafetensorsFile file = SafetensorsFile.open(first)) {
      assertThat(file.tensors()).allMatch(tensor -> tensor.type() == ElementType.BF16);
    }
  }
}
