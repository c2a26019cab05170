package dev.drpo.benchmarks.device;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.trainer.MicroBatch;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is computed wrongly is found, and found where it is. */
@Timeout(120)
class NumbersTest {
  private static final Numbers.Scale SCALE = Shape.TINY.numbers();
  private static final ModelConfig POLICY = SCALE.policy();

  /** Positions turn a little faster: what a wrong table of rotations does. */
  private static final ModelConfig TURNED =
      new ModelConfig(
          POLICY.vocabularySize(),
          POLICY.hiddenSize(),
          POLICY.intermediateSize(),
          POLICY.layers(),
          POLICY.heads(),
          POLICY.keyValueHeads(),
          POLICY.contextLength(),
          0.8 * POLICY.ropeTheta(),
          POLICY.rmsEpsilon(),
          POLICY.tiedEmbeddings(),
          POLICY.headSize(),
          POLICY.attentionBias());

  private final Subject right = Subject.of(Device.cpu(), POLICY, ElementType.BF16);
  private final Subject turned = Subject.of(Device.cpu(), TURNED, ElementType.BF16);

  @BeforeEach
  void prepare() {
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
  }

  @Test
  void bfloat16OnTheCpuPasses() throws IOException {
    PartReport report = new Numbers(SCALE, right).examine();

    assertThat(report.checks()).hasSize(13).allMatch(Check::passed);
    assertThat(figure(report, "sampler against learner: mean distance")).isPositive();
    assertThat(figure(report, "gradient of embedding: cosine")).isBetween(0.99, 0.999_999_9);
  }

  @Test
  void fp32OnTheCpuDiffersByNothingThatCounts() throws IOException {
    Subject exact = Subject.of(Device.cpu(), POLICY, ElementType.F32);

    PartReport report = new Numbers(SCALE, exact).examine();

    assertThat(report.checks()).allMatch(check -> check.value() < 1e-4);
  }

  @Test
  void wrongRotationsOfTheLearnerAreCaught() throws IOException {
    PartReport report = new Numbers(SCALE, mixed(right, turned)).examine();

    assertThat(failed(report))
        .contains(
            "learner's log-probabilities: mean distance",
            "sampler against learner: KL",
            "gradient of queries, keys, values: relative error");
  }

  @Test
  void wrongRotationsOfTheSamplerAreCaughtAsTheSamplers() throws IOException {
    PartReport report = new Numbers(SCALE, mixed(turned, right)).examine();

    assertThat(failed(report)).containsExactly("sampler against learner: KL");
  }

  @Test
  void aGradientThatIsWrongInOneKindOfWeightIsCaughtThere() throws IOException {
    PartReport report =
        new Numbers(SCALE, altered(right, gradient -> scaled(gradient, 3, 1.2f))).examine();

    assertThat(failed(report)).containsExactly("gradient of norms: relative error");
  }

  @Test
  void aGradientOfTheOtherSignIsCaught() throws IOException {
    PartReport report =
        new Numbers(
                SCALE,
                altered(
                    right,
                    gradient -> {
                      for (int i = 0; i < gradient.size(); i++) {
                        scaled(gradient, i, -1);
                      }
                      return gradient;
                    }))
            .examine();

    assertThat(failed(report)).hasSize(9).contains("whole gradient: 1 - cosine");
  }

  @Test
  void aGradientThatIsNoNumberIsCaught() throws IOException {
    PartReport report =
        new Numbers(SCALE, altered(right, gradient -> scaled(gradient, 0, Float.NaN))).examine();

    assertThat(failed(report))
        .containsExactly("gradient of embedding: relative error", "whole gradient: 1 - cosine");
  }

  private static List<float[]> scaled(List<float[]> gradient, int weight, float factor) {
    float[] values = gradient.get(weight);
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return gradient;
  }

  private static List<String> failed(PartReport report) {
    return report.checks().stream().filter(check -> !check.passed()).map(Check::name).toList();
  }

  private static double figure(PartReport report, String name) {
    return report.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /** Samples as one subject and learns as another. */
  private static Subject mixed(Subject sampling, Subject learning) {
    return new Subject() {
      @Override
      public PolicySampler sampler(NDManager manager, Safetensors weights, KvCacheSize size) {
        return sampling.sampler(manager, weights, size);
      }

      @Override
      public Learner learner(Safetensors weights) {
        return learning.learner(weights);
      }

      @Override
      public Device device() {
        return sampling.device();
      }
    };
  }

  /** The same but for its gradient. */
  private static Subject altered(Subject subject, UnaryOperator<List<float[]>> alteration) {
    return new Subject() {
      @Override
      public PolicySampler sampler(NDManager manager, Safetensors weights, KvCacheSize size) {
        return subject.sampler(manager, weights, size);
      }

      @Override
      public Learner learner(Safetensors weights) {
        Learner learner = subject.learner(weights);
        return new Learner() {
          @Override
          public List<float[]> logProbabilities(List<MicroBatch> batches, double temperature) {
            return learner.logProbabilities(batches, temperature);
          }

          @Override
          public List<float[]> gradient(
              List<MicroBatch> batches, List<float[]> coefficients, double temperature) {
            return alteration.apply(learner.gradient(batches, coefficients, temperature));
          }

          @Override
          public void close() {
            learner.close();
          }
        };
      }

      @Override
      public Device device() {
        return subject.device();
      }
    };
  }
}
