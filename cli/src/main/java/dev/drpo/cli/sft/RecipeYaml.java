package dev.drpo.cli.sft;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.sft.OptimizerSettings;
import dev.drpo.policy.sft.Weighing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads recipes. */
final class RecipeYaml {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private RecipeYaml() {}

  private record RecipeForm(String weigh, OptimizerForm optimizer, List<StageForm> stages) {}

  private record OptimizerForm(
      Double beta1, Double beta2, Double epsilon, Double weightDecay, Double maxGradientNorm) {
    GivenOptimizer given() {
      return new GivenOptimizer(
          Optional.ofNullable(beta1),
          Optional.ofNullable(beta2),
          Optional.ofNullable(epsilon),
          Optional.ofNullable(weightDecay),
          Optional.ofNullable(maxGradientNorm));
    }
  }

  private record StageForm(
      String name,
      @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<DataForm> data,
      Integer steps,
      Integer epochs,
      Integer batch,
      Double learningRate,
      String schedule,
      Integer warmUp,
      Double floor) {
    GivenStage given() {
      return new GivenStage(
          Optional.ofNullable(name),
          data == null ? List.of() : data.stream().map(DataForm::data).toList(),
          Optional.ofNullable(steps),
          Optional.ofNullable(epochs),
          Optional.ofNullable(batch),
          Optional.ofNullable(learningRate),
          Optional.ofNullable(schedule),
          Optional.ofNullable(warmUp),
          Optional.ofNullable(floor));
    }
  }

  private record DataForm(String file, Double weight) {
    @JsonCreator
    DataForm {}

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DataForm named(String file) {
      return new DataForm(file, null);
    }

    Recipe.Data data() {
      if (file == null) {
        throw new IllegalArgumentException("data has an entry without file; name one");
      }
      return new Recipe.Data(file, Optional.ofNullable(weight));
    }
  }

  /**
   * Reads a file.
   *
   * @throws UsageError if it is no recipe
   */
  static Recipe read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UsageError("--recipe is " + file + ", which is no file; give a YAML file");
    }
    try {
      RecipeForm form = YAML.readValue(file.toFile(), RecipeForm.class);
      return recipe(file, form == null ? new RecipeForm(null, null, null) : form);
    } catch (UnrecognizedPropertyException e) {
      throw new UsageError(
          "%s, line %d: unknown key %s; known here are %s"
              .formatted(
                  file,
                  e.getLocation().getLineNr(),
                  path(e),
                  e.getKnownPropertyIds().stream()
                      .map(Object::toString)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof JacksonYAMLParseException syntax) {
        throw notYaml(file, syntax);
      }
      throw new UsageError(
          "%s, line %s: %s can't be read: %s"
              .formatted(file, line(e), path(e), e.getOriginalMessage()));
    } catch (JsonProcessingException e) {
      throw notYaml(file, e);
    }
  }

  private static UsageError notYaml(Path file, JsonProcessingException e) {
    return new UsageError(
        "%s, line %s: not valid YAML: %s".formatted(file, line(e), e.getOriginalMessage()));
  }

  private static String line(JsonProcessingException e) {
    return e.getLocation() == null ? "?" : Integer.toString(e.getLocation().getLineNr());
  }

  private static String path(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(
                step ->
                    step.getFieldName() == null
                        ? "[" + step.getIndex() + "]"
                        : "." + step.getFieldName())
            .collect(Collectors.joining());
    return path.isEmpty() ? "the recipe" : path.substring(1);
  }

  private static Recipe recipe(Path file, RecipeForm form) {
    if (form.stages() == null || form.stages().isEmpty()) {
      throw new UsageError(file + ": stages is missing; a recipe has one or more");
    }
    List<Recipe.Stage> stages = new ArrayList<>();
    for (StageForm stage : form.stages()) {
      int number = stages.size();
      stages.add(
          checked("%s: stages[%d]: ".formatted(file, number), () -> stage.given().stage(number)));
    }
    OptimizerForm optimizer =
        form.optimizer() == null
            ? new OptimizerForm(null, null, null, null, null)
            : form.optimizer();
    OptimizerSettings settings =
        checked(file + ": optimizer: ", () -> optimizer.given().settings());
    Weighing weigh =
        checked(
            file + ": ",
            () ->
                Choice.of(Weighing.class, "weigh", form.weigh() == null ? "tokens" : form.weigh()));
    return new Recipe(weigh, settings, stages);
  }

  /**
   * A value whose check names no place.
   *
   * @param place where it stands, for the message
   * @throws UsageError if it is impossible
   */
  static <T> T checked(String place, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new UsageError(place + e.getMessage());
    }
  }
}
