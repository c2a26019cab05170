package dev.drpo.learner.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.learner.weights.PublishedVersions;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.problems.RenderedProblem;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.reports.Evaluation;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Evaluates a policy version on held-out problems, through the same services that train it. What it
 * found is kept in the run's folder, so that a resumed run does not evaluate twice.
 */
final class Evaluator {
  private static final Logger LOG = Logger.getLogger(Evaluator.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("evaluation-(\\d{8})\\.json");

  private final List<RenderedProblem> problems;
  private final List<String> sets;
  private final SamplingParameters sampling;
  private final PromptDispatcher dispatcher;
  private final GroupInbox inbox;
  private final TaskWatch watch;
  private final PublishedVersions versions;
  private final RunStatus status;
  private final String configuration;
  private final Path folder;

  /**
   * Evaluates a run's policies.
   *
   * @param configuration digest of the settings that groups depend on: what was found under others
   *     is found again
   */
  Evaluator(
      RunConfig config,
      String configuration,
      List<RenderedProblem> heldOut,
      PromptDispatcher dispatcher,
      GroupInbox inbox,
      TaskWatch watch,
      PublishedVersions versions,
      RunStatus status) {
    this.problems = heldOut.subList(0, Math.min(config.evaluation().problems(), heldOut.size()));
    this.sets =
        config.evaluation().sets().isEmpty()
            ? List.of()
            : problems.stream().map(one -> one.problem().set(config.evaluation().sets())).toList();
    this.sampling =
        SamplingParameters.newBuilder()
            .setTemperature(config.evaluation().temperature())
            .setTopP(config.evaluation().topP())
            .setGroupSize(config.evaluation().samples())
            .setMaxResponseTokens(config.sampling().maxResponseTokens())
            .setSeed(config.run().seed())
            .build();
    this.dispatcher = dispatcher;
    this.inbox = inbox;
    this.watch = watch;
    this.versions = versions;
    this.status = status;
    this.configuration = configuration;
    this.folder = config.run().directory();
  }

  /** Whether there is anything to evaluate on. */
  boolean isOn() {
    return !problems.isEmpty();
  }

  /** Evaluates the policy of a step, or reads what an earlier process of the run found. */
  Evaluation evaluate(long policyStep) throws InterruptedException, IOException {
    if (problems.isEmpty()) {
      return Evaluation.none();
    }
    Path file = file(policyStep);
    if (Files.exists(file)) {
      if (isOfTheseSettings(policyStep)) {
        return recall(policyStep);
      }
      LOG.warnf(
          "%s was found under other settings of the run; the policy is evaluated again", file);
      Files.delete(file);
    }
    List<List<Evaluation.Response>> responses = sample(policyStep);
    // Before what was found: that is never without it.
    write(settingsFile(policyStep), configuration.getBytes(StandardCharsets.UTF_8));
    write(file, JSON.writeValueAsBytes(responses));
    return summary(responses);
  }

  /** What an earlier version wrote does not say, and is trusted. */
  private boolean isOfTheseSettings(long policyStep) throws IOException {
    Path settings = settingsFile(policyStep);
    return !Files.exists(settings) || Files.readString(settings).equals(configuration);
  }

  private static void write(Path file, byte[] content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".partial");
    Files.write(
        aside,
        content,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.DSYNC);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Steps before one whose policies an earlier process of the run has evaluated, in order. */
  List<Long> stepsEvaluatedBefore(long step) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(name -> Long.parseLong(name.group(1)))
          .filter(evaluated -> evaluated < step)
          .sorted()
          .toList();
    }
  }

  /** What an earlier evaluation of a step's policy found; none if there was none. */
  Evaluation recall(long policyStep) throws IOException {
    Path file = file(policyStep);
    if (!Files.exists(file)) {
      return Evaluation.none();
    }
    inbox.finishEvaluation(policyStep);
    return summary(
        JSON.readValue(file.toFile(), new TypeReference<List<List<Evaluation.Response>>>() {}));
  }

  private Evaluation summary(List<List<Evaluation.Response>> responses) {
    // Earlier builds left problems out of the file that had become dead letters.
    boolean bySet = !sets.isEmpty() && sets.size() == responses.size();
    List<List<Evaluation.Response>> sampled = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      if (!responses.get(i).isEmpty()) {
        sampled.add(responses.get(i));
        names.add(bySet ? sets.get(i) : "");
      }
    }
    return bySet ? Evaluation.ofSets(sampled, names) : Evaluation.of(sampled);
  }

  private Path file(long policyStep) {
    return folder.resolve("evaluation-%08d.json".formatted(policyStep));
  }

  private Path settingsFile(long policyStep) {
    return folder.resolve("evaluation-%08d.settings".formatted(policyStep));
  }

  private List<List<Evaluation.Response>> sample(long policyStep) throws InterruptedException {
    List<PromptDispatcher.Task> tasks =
        problems.stream()
            .map(
                problem ->
                    new PromptDispatcher.Task(
                        new GroupKey(
                            Purpose.PURPOSE_EVALUATION, policyStep, problem.problem().id()),
                        problem,
                        policyStep))
            .toList();
    List<GroupKey> keys = tasks.stream().map(PromptDispatcher.Task::key).toList();
    dispatcher.dispatch(tasks.stream().filter(task -> !inbox.has(task.key())).toList(), sampling);
    long started = System.nanoTime();
    List<PromptDispatcher.Task> refused;
    do {
      watch.await(
          tasks,
          sampling,
          done -> {
            status.phase(done, keys.size());
            double seconds = (System.nanoTime() - started) / 1e9;
            status.tokensPerSecond(tokens(keys) / seconds);
          });
      refused = tasks.stream().filter(task -> !isOf(policyStep, task.key())).toList();
      sendAgain(refused);
    } while (!refused.isEmpty());
    // By the order of problems; those without a group, which became dead letters, keep their place.
    List<List<Evaluation.Response>> responses =
        keys.stream()
            .map(key -> inbox.evaluated(key).map(GroupInbox.Evaluated::responses).orElse(List.of()))
            .toList();
    inbox.finishEvaluation(policyStep);
    return responses;
  }

  private void sendAgain(List<PromptDispatcher.Task> refused) throws InterruptedException {
    if (refused.isEmpty()) {
      return;
    }
    LOG.warnf(
        "%d groups of an evaluation were sampled by other weights than those of the policy; they"
            + " are sampled again",
        refused.size());
    refused.forEach(task -> inbox.refuse(task.key()));
    dispatcher.dispatch(refused, sampling);
  }

  /** Whether every token of a group was sampled by the policy of a step. */
  private boolean isOf(long policyStep, GroupKey key) {
    return inbox
        .evaluated(key)
        .map(
            group ->
                group.sampledBy().stream()
                    .allMatch(
                        version ->
                            version.getStep() == policyStep
                                && PolicyRecords.find(version).filter(versions::knows).isPresent()))
        .orElse(true);
  }

  private Stream<GroupInbox.Evaluated> evaluated(List<GroupKey> keys) {
    return keys.stream().flatMap(key -> inbox.evaluated(key).stream());
  }

  private long tokens(List<GroupKey> keys) {
    return evaluated(keys)
        .flatMap(group -> group.responses().stream())
        .mapToLong(Evaluation.Response::length)
        .sum();
  }
}
