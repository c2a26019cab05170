package dev.drpo.simulation;

import com.google.errorprone.annotations.FormatMethod;
import dev.drpo.learner.data.DataOrder;
import dev.drpo.learner.run.History;
import dev.drpo.learner.run.SimulatedLearner;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.simulation.broker.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Holds what a run came to against what is promised of every run. */
final class Audit {
  private final World world;
  private final RunConfig config;
  private final SimulatedLearner.Done done;
  private final List<DeadLetter> letters;
  private final List<String> violations = new ArrayList<>();

  private Audit(World world) {
    this.world = world;
    this.config = world.config();
    this.done = world.done().orElseThrow();
    this.letters =
        world.broker().entries(world.topics().deadLetters()).stream()
            .map(entry -> Records.deadLetter(entry.value()))
            .toList();
  }

  /**
   * What is wrong with a run that has come to its end; nothing if all is well.
   *
   * @param calm the same run without faults, where the two have to be equal
   */
  static List<String> of(World world, Optional<SimulatedLearner.Done> calm) {
    Audit audit = new Audit(world);
    audit.stepsInOrder();
    audit.everyPromptOnce();
    audit.knownWeights();
    audit.deadLetters();
    audit.counts();
    calm.ifPresent(audit::equal);
    return List.copyOf(audit.violations);
  }

  @FormatMethod
  private void violated(String claim, Object... arguments) {
    violations.add(claim.formatted(arguments));
  }

  private List<History.Trained> trained() {
    return done.history().trained();
  }

  private void stepsInOrder() {
    List<Long> steps = trained().stream().map(History.Trained::step).distinct().toList();
    List<Long> all = LongStream.range(0, config.training().steps()).boxed().toList();
    if (!steps.equals(all)) {
      violated("the steps of the final policy are %s, not %s", steps, all);
    }
  }

  private void everyPromptOnce() {
    DataOrder order = SimulatedLearner.order(config);
    Map<Long, List<String>> byStep =
        trained().stream()
            .collect(
                Collectors.groupingBy(
                    History.Trained::step,
                    Collectors.mapping(History.Trained::prompt, Collectors.toList())));
    byStep.forEach(
        (step, prompts) -> {
          Set<String> buried = buried(step);
          List<String> own = names(order.problemsOf(step));
          List<String> further =
              names(order.furtherProblemsOf(step, config.training().mostExtraGroups()));
          Set<String> distinct = new HashSet<>(prompts);
          if (distinct.size() != prompts.size()) {
            violated("step %d learned from a prompt twice: %s", step, prompts);
          }
          if (prompts.size() + buried.size() < own.size()) {
            violated("step %d learned from %s alone; it has %s", step, prompts, own);
          }
          if (further.isEmpty() && buried.isEmpty() && !prompts.equals(own)) {
            violated("step %d learned from %s; its order is %s", step, prompts, own);
          }
          distinct.removeAll(own);
          distinct.removeAll(further);
          if (!distinct.isEmpty()) {
            violated("step %d learned from %s, which it did not send out", step, distinct);
          }
        });
  }

  private static List<String> names(int[] problems) {
    return Arrays.stream(problems).mapToObj(problem -> "t" + problem).toList();
  }

  private Set<String> buried(long step) {
    return letters.stream()
        .filter(letter -> letter.hasId() && letter.getId().getStep() == step)
        .map(letter -> letter.getId().getPrompt())
        .collect(Collectors.toSet());
  }

  private void knownWeights() {
    Set<String> known = done.versions().stream().map(History::text).collect(Collectors.toSet());
    for (History.Trained group : trained()) {
      for (String version : group.versions()) {
        long step = Long.parseLong(version.substring(0, version.indexOf(':')));
        if (!known.contains(version)) {
          violated(
              "step %d learned from weights %s, which are not the run's", group.step(), version);
        }
        if (step > group.step() || step < group.step() - config.training().maxLag()) {
          violated(
              "step %d learned from weights of step %d; training.max-lag is %d",
              group.step(), step, config.training().maxLag());
        }
      }
    }
  }

  private void deadLetters() {
    for (DeadLetter letter : letters) {
      // A broker that has lost its data has had several records there.
      boolean isOriginal =
          world.broker().entries(letter.getSourceTopic()).stream()
              .filter(
                  entry ->
                      entry.partition() == letter.getSourcePartition()
                          && entry.offset() == letter.getSourceOffset())
              .anyMatch(
                  entry -> Arrays.equals(letter.getOriginalValue().toByteArray(), entry.value()));
      if (letter.getReason().isBlank() || !isOriginal) {
        violated("a dead letter lacks its reason or its original: %s", letter);
      }
    }
    if (world.broker().losses() == 0) {
      garbage(world.topics().prompts(), world.topics().rolloutWorkers());
      garbage(world.topics().rollouts(), world.topics().rewardWorkers());
    }
  }

  /** What workers have got rid of is among the dead letters. */
  private void garbage(String topic, String workers) {
    for (Topic.Entry entry : world.faults().garbage()) {
      boolean isHere =
          world.broker().entries(topic).stream().anyMatch(other -> other.value() == entry.value());
      boolean told =
          letters.stream()
              .anyMatch(
                  letter -> Arrays.equals(letter.getOriginalValue().toByteArray(), entry.value()));
      if (isHere && !told && !world.broker().isOpen(workers, entry.offset())) {
        violated("garbage in %s at %d is gone without a dead letter", topic, entry.offset());
      }
    }
  }

  private void counts() {
    if (done.counts().groups().trained() != trained().size()) {
      violated(
          "%d groups are counted as trained, and %d were",
          done.counts().groups().trained(), trained().size());
    }
    if (done.counts().groups().resent() > 0 && world.broker().losses() == 0) {
      violated("%d tasks were lost, and sent again", done.counts().groups().resent());
    }
  }

  /** A group that is a dead letter is left out, which no calm run would. */
  private void equal(SimulatedLearner.Done calm) {
    if (letters.stream().anyMatch(DeadLetter::hasId)) {
      return;
    }
    PolicyVersion here = done.versions().getLast();
    PolicyVersion there = calm.versions().getLast();
    if (!here.equals(there)) {
      violated("the final policy is %s; the calm run's is %s", here, there);
    }
    if (!done.evaluations().toString().equals(calm.evaluations().toString())) {
      violated("evaluations are %s; the calm run's are %s", done.evaluations(), calm.evaluations());
    }
  }
}
