package dev.drpo.cli.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.sft.Curriculum;
import dev.drpo.policy.sft.LearningRate;
import dev.drpo.policy.sft.OptimizerSettings;
import dev.drpo.policy.sft.Weighing;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeYamlTest {
  @TempDir Path folder;

  @Test
  void whatIsLeftOutHasItsDefault() throws IOException {
    assertThat(read("stages: [{data: a.jsonl}]"))
        .isEqualTo(
            new Recipe(
                Weighing.TOKENS,
                new OptimizerSettings(0.9, 0.98, 1e-8, 0.01, 1),
                List.of(
                    new Recipe.Stage(
                        "stage 1",
                        List.of(new Recipe.Data("a.jsonl", Optional.empty())),
                        new Recipe.Length.Epochs(1),
                        32,
                        Optional.of(new LearningRate(1e-5, LearningRate.Shape.COSINE, 0, 0))))));
  }

  @Test
  void everyKeyIsHonoured() throws IOException {
    Recipe recipe =
        read(
            """
            weigh: sequences
            optimizer: {beta1: 0.8, beta2: 0.99, epsilon: 1.0e-6, weight-decay: 0, max-gradient-norm: 2}
            stages:
              - {name: first, data: [a.jsonl, b.jsonl], epochs: 3, batch: 4, learning-rate: 3e-4, schedule: linear, warm-up: 5, floor: 0.1}
              - {name: second, data: [{file: a.jsonl, weight: 3}, {file: c.jsonl, weight: 1}], steps: 10, schedule: continued}
              - {name: third, data: c.jsonl, schedule: constant}
            """);

    assertThat(recipe.weigh()).isEqualTo(Weighing.SEQUENCES);
    assertThat(recipe.optimizer()).isEqualTo(new OptimizerSettings(0.8, 0.99, 1e-6, 0, 2));
    assertThat(recipe.files()).containsExactly("a.jsonl", "b.jsonl", "c.jsonl");
    Curriculum curriculum = recipe.curriculum(RecipeYamlTest::ten);
    assertThat(curriculum.arcs()).hasSize(2);
    Curriculum.Arc first = curriculum.arcs().getFirst();
    assertThat(first.rate()).isEqualTo(new LearningRate(3e-4, LearningRate.Shape.LINEAR, 5, 0.1));
    assertThat(first.stages().stream().map(Curriculum.Stage::steps)).containsExactly(15, 10);
    assertThat(first.stages().get(1).mixture().parts())
        .extracting(part -> part.weight())
        .containsExactly(3.0, 1.0);
    assertThat(curriculum.steps()).isEqualTo(26);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "stages: [ | not valid YAML",
        "weigh: tokens | stages is missing; a recipe has one or more",
        "{stages: [{data: a}], weight: 1} | line 1: unknown key weight; known here are optimizer, stages, weigh",
        "{stages: [{data: a}, {data: b, lr: 1}]} | unknown key stages[1].lr; known here are batch, data",
        "{stages: [{data: a, batch: many}]} | stages[0].batch can't be read",
        "{weigh: words, stages: [{data: a}]} | weigh is words; it must be one of tokens, sequences",
        "{optimizer: {beta1: 2}, stages: [{data: a}]} | optimizer: beta1 is 2.0; it must be in [0, 1)",
        "{stages: [{batch: 1}]} | stages[0]: data is missing; name a file of traces",
        "{stages: [{data: [{weight: 1}]}]} | stages[0]: data has an entry without file",
        "{stages: [{data: a, batch: 0}]} | stages[0]: batch is 0; it must be 1 or more",
        "{stages: [{data: a, steps: 0}]} | stages[0]: steps is 0; it must be 1 or more",
        "{stages: [{data: a, steps: 1, epochs: 1}]} | steps and epochs are both given",
        "{stages: [{data: a, schedule: continued}]} | schedule is continued, but no stage comes before",
        "{stages: [{data: a}, {data: a, schedule: continued, floor: 0}]} | stages[1]: schedule is continued, which leaves",
        "{stages: [{data: a, schedule: step}]} | schedule is step; it must be one of constant, linear, cosine, continued",
        "{stages: [{data: a, learning-rate: -1}]} | stages[0]: learning-rate is -1.0; it must be above 0",
        "{stages: [{data: [{file: a, weight: 1}], epochs: 1}]} | steps is missing; files with weights have no common epoch",
        "{stages: [{data: [{file: a, weight: 1}, b], steps: 1}]} | data has files with and without a weight",
        "{stages: [{data: [{file: a, weight: 0}], steps: 1}]} | data has a with weight 0.0; it must be above 0"
      })
  void whatCannotBeHonouredIsRefusedWithItsPlace(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(UsageError.class)
        .hasMessageStartingWith(folder.resolve("recipe.yaml").toString())
        .hasMessageContaining(message);
  }

  /** The quickstart's published runs depend on a policy that was made like this. */
  @Test
  void theRecipeOfTheQuickstartsStartingPolicyHasItsFourStages() throws IOException {
    Path file =
        Path.of(System.getProperty("drpo.root"), "datasets", "quickstart", "warm-start.yaml");
    Recipe recipe = RecipeYaml.read(file);

    assertThat(recipe.files()).containsExactly("foundation.jsonl", "long-winded.jsonl");
    List<Curriculum.Arc> arcs = recipe.curriculum(RecipeYamlTest::ten).arcs();
    assertThat(arcs.stream().map(arc -> arc.rate().peak())).containsExactly(3e-3, 2e-3, 1e-3);
    assertThat(arcs.stream().flatMap(arc -> arc.stages().stream()).map(Curriculum.Stage::steps))
        .containsExactly(450, 450, 400, 160);
    assertThat(arcs.stream().flatMap(arc -> arc.stages().stream()).map(Curriculum.Stage::batch))
        .containsExactly(64, 32, 32, 32);
  }

  private Recipe read(String yaml) throws IOException {
    return RecipeYaml.read(Files.writeString(folder.resolve("recipe.yaml"), yaml));
  }

  private static List<Sequence> ten(String file) {
    return Collections.nCopies(10, new Sequence(new int[] {1}, new int[] {file.length()}));
  }
}
