package dev.drpo.policy.sft;

import java.util.List;

/** Everything that is learned, arc after arc. */
public record Curriculum(List<Arc> arcs) {

  /** Stages under one arc of the learning rate. */
  public record Arc(LearningRate rate, List<Stage> stages) {
    public Arc {
      stages = List.copyOf(stages);
      if (stages.isEmpty()) {
        throw new IllegalArgumentException("an arc needs a stage");
      }
    }

    int steps() {
      return stages.stream().mapToInt(Stage::steps).sum();
    }
  }

  /**
   * Steps on one mixture.
   *
   * @param name for people
   * @param sequences drawn in all, 1 or more
   * @param batch sequences of one step, 1 or more; the last step has those that are left
   */
  public record Stage(String name, Mixture mixture, long sequences, int batch) {
    public Stage {
      if (sequences < 1 || batch < 1) {
        throw new IllegalArgumentException(
            "stage %s has %d sequences in batches of %d; both must be 1 or more"
                .formatted(name, sequences, batch));
      }
    }

    /** Optimizer steps. */
    public int steps() {
      return Math.toIntExact(Math.ceilDiv(sequences, batch));
    }

    private int batchAt(int step) {
      return (int) Math.min(batch, sequences - (long) step * batch);
    }
  }

  /**
   * One step of the curriculum.
   *
   * @param stageNumber of the stage in the whole curriculum, from 0
   * @param drawnBefore sequences that the stage's earlier steps drew
   * @param batch sequences that this one draws
   */
  record Step(Stage stage, int stageNumber, long drawnBefore, int batch, double learningRate) {}

  public Curriculum {
    arcs = List.copyOf(arcs);
    if (arcs.isEmpty()) {
      throw new IllegalArgumentException("a curriculum needs an arc");
    }
  }

  /** Optimizer steps. */
  public int steps() {
    return arcs.stream().mapToInt(Arc::steps).sum();
  }

  /** The step of an index in [0, {@link #steps}). */
  Step at(int index) {
    int stageNumber = 0;
    int arcStart = 0;
    for (Arc arc : arcs) {
      int stageStart = arcStart;
      for (Stage stage : arc.stages()) {
        int step = index - stageStart;
        if (step < stage.steps()) {
          return new Step(
              stage,
              stageNumber,
              (long) step * stage.batch(),
              stage.batchAt(step),
              arc.rate().at(index - arcStart, arc.steps()));
        }
        stageStart += stage.steps();
        stageNumber++;
      }
      arcStart = stageStart;
    }
    throw new IndexOutOfBoundsException("step " + index + " of a curriculum of " + steps());
  }
}
