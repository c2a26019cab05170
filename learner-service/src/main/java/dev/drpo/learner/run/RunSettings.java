package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointManifest;
import dev.drpo.learner.checkpoint.CheckpointStore.Checkpoint;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.problems.ProblemFile;
import dev.drpo.problems.Sha256;
import dev.drpo.runtime.config.ConfigKey;
import dev.drpo.runtime.config.ConfigKeys;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.OnResume;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Everything that a run is defined by, as text: its configuration by key, and hashes of the files
 * that it names. A checkpoint holds them, so that a run goes on as what it was begun. {@link
 * ConfigKeys} says which keys may change; what it does not know shapes the run.
 */
record RunSettings(SortedMap<String, String> values) {
  private static final Logger LOG = Logger.getLogger(RunSettings.class);
  private static final String ID = "run.id";
  private static final String SCHEDULE = "optimizer.schedule";
  private static final String COSINE = "cosine";
  private static final String TRAIN_HASH = "SHA-256 of data.train";
  private static final String HELD_OUT_HASH = "SHA-256 of data.heldout";
  private static final Set<String> DATA_HASHES = Set.of(TRAIN_HASH, HELD_OUT_HASH);
  private static final String EVALUATION = "evaluation.";
  private static final String ABSENT = "absent";

  /** The files of a policy that make tokens out of problems. */
  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "tokenizer_config.json", "chat_template.jinja");

  /** A setting as a checkpoint has it, and as it is. */
  private record Change(String key, String then, String now) {
    @Override
    public String toString() {
      return key + " was " + shown(then) + " and is " + shown(now);
    }

    private static String shown(String value) {
      return value.isEmpty() ? "empty" : value;
    }
  }

  /**
   * The settings of this process.
   *
   * @param heldOut empty if the run is not evaluated
   * @throws IOException if a file of the policy can't be read
   */
  static RunSettings of(
      RunConfig config, ProblemFile train, Optional<ProblemFile> heldOut, PolicyFolder policy)
      throws IOException {
    SortedMap<String, String> values = new TreeMap<>(ConfigLoader.toKeys(config));
    values.put(TRAIN_HASH, train.sha256());
    values.put(HELD_OUT_HASH, heldOut.map(ProblemFile::sha256).orElse(ABSENT));
    values.put("architecture of policy.path", policy.config().toString());
    for (String name : TOKENIZER_FILES) {
      Path file = policy.path().resolve(name);
      values.put("SHA-256 of policy.path/" + name, Files.exists(file) ? Sha256.of(file) : ABSENT);
    }
    return new RunSettings(values);
  }

  /** Hash of the training file. */
  String trainSha256() {
    return values.get(TRAIN_HASH);
  }

  /**
   * SHA-256 over all that the trained policy depends on beside the starting policy's weights and
   * the training data: lines {@code key=value} in the order of keys, without the run's name, what
   * may change freely, and what evaluations alone depend on.
   */
  String digest() {
    StringBuilder lines = new StringBuilder();
    values.forEach(
        (key, value) -> {
          boolean shapes = onResume(key) != OnResume.FREE && !key.equals(ID);
          if (shapes && !key.startsWith(EVALUATION) && !DATA_HASHES.contains(key)) {
            lines.append(key).append('=').append(value).append('\n');
          }
        });
    return Sha256.of(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * SHA-256 over all that the groups of the run, and what they are judged to be, may depend on:
   * lines as those of {@link #digest}, with evaluations' and data files' among them, and without
   * what changes rounding alone. A run that is begun again under its old name takes no group of the
   * one before by it.
   */
  String groupsDigest() {
    StringBuilder lines = new StringBuilder();
    values.forEach(
        (key, value) -> {
          OnResume change = onResume(key);
          if (change != OnResume.FREE && change != OnResume.ROUNDING && !key.equals(ID)) {
            lines.append(key).append('=').append(value).append('\n');
          }
        });
    return Sha256.of(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Refuses a checkpoint that another run wrote, or this one under settings that would have led it
   * elsewhere.
   *
   * @param changesAllowed whether the latter only makes a warning
   * @throws RunFailure if it does not fit; the message names each setting and both its values
   */
  void requireFits(Checkpoint checkpoint, boolean changesAllowed) {
    CheckpointManifest manifest = checkpoint.manifest();
    if (!manifest.run().equals(values.get(ID))) {
      // The positions that it holds are those of other topics.
      throw new RunFailure(
          "checkpoint %s belongs to the run %s, but run.id is %s; restore it, or start a new run in another folder"
              .formatted(checkpoint.folder(), manifest.run(), values.get(ID)));
    }
    Map<String, String> then = settingsOf(manifest);
    Map<Boolean, List<Change>> changes =
        changesFrom(then).stream()
            .collect(Collectors.partitioningBy(change -> shapesTheRun(change.key(), then)));
    if (!changes.get(true).isEmpty()) {
      if (!changesAllowed) {
        throw new RunFailure(
            "checkpoint %s was written under other settings: %s; restore them, start a new run in another folder, or set run.resume-changed to true to go on under the changed ones"
                .formatted(checkpoint.folder(), text(changes.get(true))));
      }
      LOG.warnf(
          "checkpoint %s is resumed under changed settings: %s",
          checkpoint.folder(), text(changes.get(true)));
    }
    List<Change> rounding =
        changes.get(false).stream()
            .filter(change -> onResume(change.key()) == OnResume.ROUNDING)
            .toList();
    if (!rounding.isEmpty()) {
      LOG.warnf(
          "the run goes on, but not to the same bits as without interruption, since numbers are"
              + " added up in another order: %s",
          text(rounding));
    }
  }

  /** What a manifest says; one of the first format names few settings, and passes on the others. */
  private Map<String, String> settingsOf(CheckpointManifest manifest) {
    if (manifest.format() > 0) {
      return manifest.settings();
    }
    LOG.warn(
        "the checkpoint is of an earlier version, which did not store the configuration: only seed,"
            + " prompts per step and training data are compared");
    Map<String, String> settings = new TreeMap<>(values);
    settings.put("run.seed", Long.toString(manifest.seed()));
    settings.put("training.prompts-per-step", Integer.toString(manifest.promptsPerStep()));
    settings.put(TRAIN_HASH, manifest.dataSha256());
    return settings;
  }

  private List<Change> changesFrom(Map<String, String> then) {
    Set<String> keys = new TreeSet<>(then.keySet());
    keys.addAll(values.keySet());
    SortedMap<String, String> defaults =
        ConfigLoader.toKeys(ConfigLoader.load(null, Map.of(), Map.of()));
    return keys.stream()
        .map(
            key ->
                new Change(
                    key,
                    // A version that did not have the key did what the default does.
                    then.getOrDefault(key, defaults.getOrDefault(key, ABSENT)),
                    values.getOrDefault(key, ABSENT)))
        .filter(change -> !change.then().equals(change.now()))
        .toList();
  }

  /** Whether a change of the key leads the run elsewhere. */
  private boolean shapesTheRun(String key, Map<String, String> then) {
    return switch (onResume(key)) {
      case NEVER, SHAPES_RUN -> true;
      // The learning rate falls towards the last step.
      case SHAPES_COSINE ->
          COSINE.equals(values.get(SCHEDULE)) || COSINE.equals(then.get(SCHEDULE));
      case ROUNDING, FREE -> false;
    };
  }

  private static OnResume onResume(String key) {
    return ConfigKeys.find(key).map(ConfigKey::onResume).orElse(OnResume.SHAPES_RUN);
  }

  private static String text(List<Change> changes) {
    return changes.stream().map(Change::toString).collect(Collectors.joining(", "));
  }
}
