package dev.drpo.cli.sft;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.sft.Weighing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What is learned and how: a recipe, or one stage by options. */
final class LearningOptions {
  @Option(
      names = "--recipe",
      paramLabel = "FILE",
      description =
          "YAML file of stages, in place of the options from --data to --max-gradient-norm.")
  private Optional<Path> recipe = Optional.empty();

  @Option(
      names = "--data-folder",
      paramLabel = "DIR",
      description = "Where the files of a recipe lie (default: the recipe's folder).")
  private Optional<Path> dataFolder = Optional.empty();

  @Option(names = "--data", paramLabel = "FILE", description = "Traces to learn; may be repeated.")
  private List<Path> data = List.of();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often every trace is learned (default: 1).")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Optimizer steps, in place of --epochs.")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Traces of one step (default: " + GivenStage.DEFAULT_BATCH + ").")
  private Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "The highest (default: " + GivenStage.DEFAULT_LEARNING_RATE + ").")
  private Optional<Double> learningRate = Optional.empty();

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "constant, linear or cosine, from the highest to --floor (default: "
              + GivenStage.DEFAULT_SCHEDULE
              + ").")
  private Optional<String> schedule = Optional.empty();

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Steps over which the learning rate rises linearly (default: 0).")
  private Optional<Integer> warmUp = Optional.empty();

  @Option(
      names = "--floor",
      paramLabel = "X",
      description = "Share of the highest learning rate that the schedule falls to (default: 0).")
  private Optional<Double> floor = Optional.empty();

  @Option(
      names = "--weigh",
      paramLabel = "WHAT",
      description = {
        "tokens: every response token of a batch counts the same; sequences: every",
        "trace does (default: tokens)."
      })
  private Optional<String> weigh = Optional.empty();

  @Option(
      names = "--beta1",
      paramLabel = "X",
      description = "Decay of the first moment (default: " + GivenOptimizer.DEFAULT_BETA1 + ").")
  private Optional<Double> beta1 = Optional.empty();

  @Option(
      names = "--beta2",
      paramLabel = "X",
      description = "Decay of the second moment (default: " + GivenOptimizer.DEFAULT_BETA2 + ").")
  private Optional<Double> beta2 = Optional.empty();

  @Option(
      names = "--epsilon",
      paramLabel = "X",
      description =
          "Added to the root of the second moment (default: "
              + GivenOptimizer.DEFAULT_EPSILON
              + ").")
  private Optional<Double> epsilon = Optional.empty();

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description =
          "Decoupled, times the learning rate (default: "
              + GivenOptimizer.DEFAULT_WEIGHT_DECAY
              + ").")
  private Optional<Double> weightDecay = Optional.empty();

  @Option(
      names = "--max-gradient-norm",
      paramLabel = "X",
      description =
          "A gradient of a larger norm is scaled down to it (default: "
              + GivenOptimizer.DEFAULT_MAX_GRADIENT_NORM
              + ").")
  private Optional<Double> maxGradientNorm = Optional.empty();

  /**
   * The recipe, whose files' names are paths.
   *
   * @throws UsageError if it can't be honoured
   */
  Recipe recipe() throws IOException {
    if (recipe.isEmpty()) {
      return single();
    }
    if (!data.isEmpty() || anyOther()) {
      throw new UsageError(
          "--recipe says what is learned and how; leave out the options from --data to"
              + " --max-gradient-norm, or write them into it");
    }
    Path folder =
        dataFolder.orElseGet(
            () -> Optional.ofNullable(recipe.get().getParent()).orElse(Path.of("")));
    return RecipeYaml.read(recipe.get()).renamed(name -> folder.resolve(name).toString());
  }

  private boolean anyOther() {
    return Stream.of(
            epochs,
            steps,
            batch,
            learningRate,
            schedule,
            warmUp,
            floor,
            weigh,
            beta1,
            beta2,
            epsilon,
            weightDecay,
            maxGradientNorm)
        .anyMatch(Optional::isPresent);
  }

  private Recipe single() {
    if (dataFolder.isPresent()) {
      throw new UsageError("--data-folder is for --recipe; leave it out");
    }
    if (data.isEmpty()) {
      throw new UsageError("name what to learn: a file of traces with --data, or a --recipe");
    }
    GivenStage stage =
        new GivenStage(
            Optional.of("training"),
            data.stream().map(path -> new Recipe.Data(path.toString(), Optional.empty())).toList(),
            steps,
            epochs,
            batch,
            learningRate,
            schedule,
            warmUp,
            floor);
    GivenOptimizer optimizer =
        new GivenOptimizer(beta1, beta2, epsilon, weightDecay, maxGradientNorm);
    return RecipeYaml.checked(
        "--",
        () ->
            new Recipe(
                Choice.of(Weighing.class, "weigh", weigh.orElse("tokens")),
                optimizer.settings(),
                List.of(stage.stage(0))));
  }
}
