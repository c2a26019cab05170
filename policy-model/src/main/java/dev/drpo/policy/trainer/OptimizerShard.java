package dev.drpo.policy.trainer;

import ai.djl.ndarray.NDArray;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.decoder.SpreadTensor;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.ParameterShards.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * A worker's share of the optimizer: it sums all workers' gradients of its parameters, holds their
 * fp32 masters and moments, and steps them. A master lies in the device's own weights where those
 * are fp32, else in memory of its own.
 */
final class OptimizerShard {
  /** 64 MiB of fp32: all that is there twice when gradients travel between devices. */
  static final long SLICE_ELEMENTS = 1L << 24;

  private final TrainingWorker worker;
  private final ScriptModule script;
  private final List<Span> spans;
  private final long[] places;
  private final long[] exactPlaces;
  private final long[] roundedPlaces;
  private final List<NDArray> gradients;
  private final List<NDArray> masters = new ArrayList<>();
  private final List<NDArray> firstMoments = new ArrayList<>();
  private final List<NDArray> secondMoments = new ArrayList<>();
  private final List<NDArray> roundedMasters = new ArrayList<>();
  private final List<NDArray> rounded;

  /** What of a shard is spread over the shards of all workers. */
  enum Part {
    GRADIENTS,
    MASTERS,
    FIRST_MOMENTS,
    SECOND_MOMENTS
  }

  /** Starts with zero moments, and with masters that are zero where they are not the weights. */
  OptimizerShard(TrainingWorker worker, List<Span> spans) {
    this.worker = worker;
    this.spans = spans;
    Decoder decoder = worker.decoder();
    this.script = decoder.script();
    this.places = places(_ -> true);
    this.exactPlaces = places(span -> decoder.elementType(span.weight()) == ElementType.F32);
    this.roundedPlaces = places(this::isRounded);
    this.gradients = worker.views(worker.gradients(), places);
    this.rounded = worker.views(worker.factors(), roundedPlaces);
    List<NDArray> weights = worker.views(decoder.weights(), places);
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      long[] shape = {span.elements()};
      boolean exact = decoder.elementType(span.weight()) == ElementType.F32;
      masters.add(exact ? weights.get(i) : decoder.zeros(shape, ElementType.F32));
      firstMoments.add(decoder.zeros(shape, ElementType.F32));
      secondMoments.add(decoder.zeros(shape, ElementType.F32));
      if (isRounded(span)) {
        roundedMasters.add(masters.getLast());
      }
    }
  }

  private boolean isRounded(Span span) {
    return worker.rounds() && worker.decoder().layout().weights().get(span.weight()).use().factor();
  }

  private long[] places(Predicate<Span> which) {
    return spans.stream()
        .filter(which)
        .flatMapToLong(span -> LongStream.of(span.weight(), span.from(), span.to()))
        .toArray();
  }

  /** Adds the gradients of other workers to its own, in their order, and zeroes theirs. */
  void takeGradients(List<TrainingWorker> others) {
    for (TrainingWorker other : others) {
      script.run("take_gradients", other.gradients(), places, SLICE_ELEMENTS);
    }
  }

  /** The norm of its gradients. */
  double norm() {
    return script.real("norm", gradients);
  }

  /** Steps its parameters along its gradients times a scale. */
  void step(PolicyTrainer.AdamW settings, double scale, long step) {
    script.run(
        "optimize",
        masters,
        gradients,
        firstMoments,
        secondMoments,
        scale,
        (double) step,
        settings.learningRate(),
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        settings.weightDecay());
    if (!rounded.isEmpty()) {
      script.run("copy", rounded, roundedMasters);
    }
  }

  /** Gives its parameters to a worker of another device, whose thread calls this. */
  void copyTo(TrainingWorker other) {
    ScriptModule theirs = other.decoder().script();
    theirs.run("copy_spans", other.decoder().weights(), worker.decoder().weights(), exactPlaces);
    theirs.run("copy_spans", other.factors(), worker.factors(), roundedPlaces);
  }

  /** Whether a worker computes with the weights that this shard updates in place. */
  boolean sharesDeviceWith(TrainingWorker other) {
    return other.factors() == worker.factors();
  }

  /** One part of all shards, as tensors laid out like the weights. */
  static List<SpreadTensor> spread(List<OptimizerShard> shards, Part part, int weights) {
    List<List<SpreadTensor.Part>> parts = new ArrayList<>();
    for (int i = 0; i < weights; i++) {
      parts.add(new ArrayList<>());
    }
    for (OptimizerShard shard : shards) {
      List<NDArray> arrays =
          switch (part) {
            case GRADIENTS -> shard.gradients;
            case MASTERS -> shard.masters;
            case FIRST_MOMENTS -> shard.firstMoments;
            case SECOND_MOMENTS -> shard.secondMoments;
          };
      for (int i = 0; i < arrays.size(); i++) {
        Span span = shard.spans.get(i);
        parts
            .get(span.weight())
            .add(new SpreadTensor.Part(span.from(), span.elements(), arrays.get(i), 0));
      }
    }
    return parts.stream().map(SpreadTensor::new).toList();
  }
}
