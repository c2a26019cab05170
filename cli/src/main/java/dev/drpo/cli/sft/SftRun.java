package dev.drpo.cli.sft;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.PolicyExport;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.sft.Checkpoints.Checkpoint;
import dev.drpo.policy.sft.Curriculum;
import dev.drpo.policy.sft.FineTuning;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainerOptions;
import dev.drpo.problems.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One training in its folder, from its beginning or its last checkpoint to the policy. */
final class SftRun {
  private final SftFolder folder;
  private final StartOptions start;
  private final Recipe recipe;
  private final PassOptions passes;
  private final Plan plan;
  private final Consumer<String> say;

  /**
   * What else was asked for.
   *
   * @param maxTokens of a trace; longer ones are left out
   * @param heldOut file of traces to look at
   */
  record Plan(
      Optional<Integer> maxTokens,
      Optional<Path> heldOut,
      int heldOutEvery,
      int checkpointEvery,
      long seed) {}

  /** The traces, by the names of their files. */
  private record Data(Map<String, TraceFile> learned, Optional<TraceFile> heldOut) {
    List<Sequence> sequences(String file) {
      return learned.get(file).sequences();
    }

    int longest() {
      return Stream.concat(learned.values().stream(), heldOut.stream())
          .mapToInt(TraceFile::longest)
          .max()
          .orElseThrow();
    }
  }

  SftRun(
      SftFolder folder,
      StartOptions start,
      Recipe recipe,
      PassOptions passes,
      Plan plan,
      Consumer<String> say) {
    this.folder = folder;
    this.start = start;
    this.recipe = recipe;
    this.passes = passes;
    this.plan = plan;
    this.say = say;
  }

  /**
   * Trains until the policy is written; where it is already, nothing is done.
   *
   * @return the policy's folder and digest
   * @throws InterruptedException if the thread was interrupted; the last checkpoint is whole
   */
  String train() throws IOException, InterruptedException {
    try (FileChannel _ = folder.claim()) {
      passes.prepare();
      PolicyFolder source = start.folder(folder.initial(), folder.isBegun(), plan.seed());
      source.requireLoadable();
      SequencedMap<String, String> terms = terms(source);
      folder.requireSame(terms);
      if (folder.isDone()) {
        say.accept("drpo: " + folder.path() + " is done already");
      } else {
        Data data = read(source);
        Device device = passes.device();
        say.accept("drpo: memory: " + passes.requireRoom(device, source.config(), data.longest()));
        folder.begin(terms);
        try (PolicyTrainer trainer = trainer(source, device)) {
          train(trainer, data);
          export(source).write(trainer.decoder(), folder.policy().path());
        }
      }
      folder.checkpoints().clear();
      return folder.policy().path() + " " + digest(folder.policy());
    }
  }

  /** Everything that the weights depend on. */
  private SequencedMap<String, String> terms(PolicyFolder source) throws IOException {
    Map<String, String> digests = new HashMap<>();
    for (String file : recipe.files()) {
      digests.put(file, Sha256.of(Path.of(file)));
    }
    SequencedMap<String, String> terms = new LinkedHashMap<>();
    terms.put("first policy", digest(source));
    for (Path file : PolicyExport.descriptionOf(source.path())) {
      terms.put(file.getFileName().toString(), Sha256.of(file));
    }
    recipe.addTo(terms, digests::get);
    terms.put("seed", Long.toString(plan.seed()));
    terms.put("most tokens", plan.maxTokens().map(String::valueOf).orElse("none"));
    passes.addTo(terms);
    return terms;
  }

  private static String digest(PolicyFolder folder) {
    try (Safetensors weights = folder.openWeights()) {
      return PolicyDigest.of(weights).hex();
    }
  }

  private Data read(PolicyFolder source) throws IOException, InterruptedException {
    ModelConfig policy = source.config();
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(source.path())) {
      TraceEncoder encoder =
          new TraceEncoder(
              tokenizer, EndToken.of(source.path(), tokenizer), policy.vocabularySize());
      Map<String, TraceFile> learned = new LinkedHashMap<>();
      for (String file : recipe.files()) {
        learned.put(file, read(Path.of(file), encoder, policy));
      }
      Optional<TraceFile> heldOut = Optional.empty();
      if (plan.heldOut().isPresent()) {
        heldOut = Optional.of(read(plan.heldOut().get(), encoder, policy));
      }
      return new Data(learned, heldOut);
    }
  }

  private TraceFile read(Path file, TraceEncoder encoder, ModelConfig policy)
      throws IOException, InterruptedException {
    TraceFile traces = TraceFile.read(file, encoder, policy, plan.maxTokens());
    say.accept("drpo: " + traces);
    return traces;
  }

  private PolicyTrainer trainer(PolicyFolder source, Device device) throws IOException {
    TrainerOptions options = passes.trainer(device, source.config());
    Optional<Checkpoint> checkpoint = folder.checkpoints().newest();
    if (checkpoint.isPresent()) {
      say.accept("drpo: going on after step " + checkpoint.get().steps());
      return checkpoint.get().load(List.of(device), source.config(), options);
    }
    try (Safetensors weights = source.openWeights()) {
      return PolicyTrainer.load(List.of(device), source.config(), weights, options);
    }
  }

  private void train(PolicyTrainer trainer, Data data) throws IOException, InterruptedException {
    Curriculum curriculum = recipe.curriculum(data::sequences);
    FineTuning tuning =
        new FineTuning(
            trainer,
            curriculum,
            new FineTuning.Settings(
                recipe.weigh(), recipe.optimizer(), passes.packing(), plan.seed()));
    Pace pace = new Pace(curriculum.steps(), tuning.stepsTaken());
    try (MetricsFile metrics = MetricsFile.open(folder.metrics(), tuning.stepsTaken())) {
      if (tuning.stepsTaken() == 0) {
        look(tuning, data, metrics);
      }
      while (!tuning.finished()) {
        long begun = System.nanoTime();
        FineTuning.StepResult step = tuning.step();
        double seconds = (System.nanoTime() - begun) / 1e9;
        metrics.step(step, seconds);
        pace.line(step, seconds).ifPresent(say);
        if (step.step() % plan.heldOutEvery() == 0 || tuning.finished()) {
          look(tuning, data, metrics);
        }
        if (step.step() % plan.checkpointEvery() == 0 || tuning.finished()) {
          folder.checkpoints().write(trainer);
        }
      }
    }
  }

  private void look(FineTuning tuning, Data data, MetricsFile metrics)
      throws IOException, InterruptedException {
    if (data.heldOut().isPresent()) {
      double loss = tuning.loss(data.heldOut().get().sequences());
      metrics.heldOut(tuning.stepsTaken(), loss);
      say.accept(
          String.format(
              Locale.ROOT, "held out after step %d: loss %.4f", tuning.stepsTaken(), loss));
    }
  }

  /** In the types of the policy that it began with; random weights are fp32. */
  private PolicyExport export(PolicyFolder source) {
    PolicyExport like = PolicyExport.like(source);
    return start.isRandom() ? like.as(ElementType.F32) : like;
  }
}
