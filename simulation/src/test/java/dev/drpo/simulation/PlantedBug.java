package dev.drpo.simulation;

/** What a simulated system gets wrong, so that one can see whether anybody notices. */
public enum PlantedBug {
  /** Nothing. */
  NONE,
  /** A learner learns from every copy of a group that it was sent. */
  DEDUPLICATION_OFF,
  /** The lease of a worker that is gone is never given to another. */
  LEASES_NEVER_EXPIRE,
  /** A learner reads on behind whatever it had read, and relies on that alone. */
  OFFSETS_COMMITTED_BEFORE_THE_STEP,
  /** A checkpoint has the name of a step and the weights from before it. */
  CHECKPOINT_BEFORE_THE_UPDATE,
  /** A worker tells the queue that a task is done before its result is safe. */
  ACKNOWLEDGED_BEFORE_PUBLICATION,
  /** A learner learns from whatever weights a group was sampled by. */
  UNKNOWN_WEIGHTS_ACCEPTED,
  /** A learner takes the groups of a step in the order in which they came. */
  ORDER_OF_ARRIVAL,
  /** The scored log is cut off where the newest checkpoint has read to. */
  RETENTION_TOO_SHORT,
  /** A replica waits for the weights of a task although the learner has gone back before them. */
  TAKEN_BACK_TASKS_KEPT,
  /** A broker that has lost its data is left without the run's topics. */
  LOST_TOPICS_LEFT
}
