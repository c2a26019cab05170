package dev.drpo.cli.sft;

import dev.drpo.policy.sft.Curriculum;
import dev.drpo.policy.sft.LearningRate;
import dev.drpo.policy.sft.Mixture;
import dev.drpo.policy.sft.OptimizerSettings;
import dev.drpo.policy.sft.Weighing;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What is learned and how, with data by the names of its files.
 *
 * @param stages one or more; the first has a rate of its own
 */
record Recipe(Weighing weigh, OptimizerSettings optimizer, List<Stage> stages) {

  /**
   * Steps on the same data.
   *
   * @param rate empty where the stage goes on under the arc of the one before it
   */
  record Stage(
      String name, List<Data> data, Length length, int batch, Optional<LearningRate> rate) {}

  /**
   * A file of traces.
   *
   * @param weight of its draws beside those of the stage's other files; empty where all files are
   *     one set
   */
  record Data(String file, Optional<Double> weight) {}

  /** How long a stage is. */
  sealed interface Length {
    record Steps(int count) implements Length {}

    record Epochs(int count) implements Length {}
  }

  Recipe {
    stages = List.copyOf(stages);
  }

  /** The files of all stages. */
  SequencedSet<String> files() {
    SequencedSet<String> files = new LinkedHashSet<>();
    stages.forEach(stage -> stage.data().forEach(data -> files.add(data.file())));
    return files;
  }

  /** The recipe with every file under another name. */
  Recipe renamed(UnaryOperator<String> names) {
    return new Recipe(
        weigh,
        optimizer,
        stages.stream()
            .map(
                stage ->
                    new Stage(
                        stage.name(),
                        stage.data().stream()
                            .map(data -> new Data(names.apply(data.file()), data.weight()))
                            .toList(),
                        stage.length(),
                        stage.batch(),
                        stage.rate()))
            .toList());
  }

  /**
   * Adds everything of it that the weights depend on, by name.
   *
   * @param digests of a file's content, in the place of its name
   */
  void addTo(SequencedMap<String, String> terms, UnaryOperator<String> digests) {
    terms.put("weigh", weigh.toString());
    terms.put("optimizer", optimizer.toString());
    terms.put("number of stages", Integer.toString(stages.size()));
    Recipe digested = renamed(digests);
    for (int i = 0; i < stages.size(); i++) {
      terms.put("stage " + (i + 1), digested.stages.get(i).toString());
    }
  }

  /**
   * The recipe with its data.
   *
   * @param sequences of a file
   */
  Curriculum curriculum(Function<String, List<Sequence>> sequences) {
    List<Curriculum.Arc> arcs = new ArrayList<>();
    for (Stage stage : stages) {
      Curriculum.Stage loaded = loaded(stage, sequences);
      if (stage.rate().isPresent()) {
        arcs.add(new Curriculum.Arc(stage.rate().get(), List.of(loaded)));
      } else {
        Curriculum.Arc before = arcs.removeLast();
        List<Curriculum.Stage> longer = new ArrayList<>(before.stages());
        longer.add(loaded);
        arcs.add(new Curriculum.Arc(before.rate(), longer));
      }
    }
    return new Curriculum(arcs);
  }

  private static Curriculum.Stage loaded(Stage stage, Function<String, List<Sequence>> sequences) {
    Mixture mixture = mixture(stage, sequences);
    long drawn =
        switch (stage.length()) {
          case Length.Steps(int count) -> (long) count * stage.batch();
          case Length.Epochs(int count) ->
              (long) count
                  * mixture.parts().stream().mapToLong(part -> part.sequences().size()).sum();
        };
    return new Curriculum.Stage(stage.name(), mixture, drawn, stage.batch());
  }

  private static Mixture mixture(Stage stage, Function<String, List<Sequence>> sequences) {
    if (stage.data().getFirst().weight().isEmpty()) {
      return Mixture.of(
          stage.data().stream().flatMap(data -> sequences.apply(data.file()).stream()).toList());
    }
    return new Mixture(
        stage.data().stream()
            .map(
                data -> new Mixture.Part(sequences.apply(data.file()), data.weight().orElseThrow()))
            .toList());
  }
}
