package dev.drpo.learner.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.learner.data.RenderedProblem;
import dev.drpo.learner.report.Evaluation;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates a policy version on held-out problems, through the same services that train it. What it
 * found is kept in the run's folder, so that a resumed run does not evaluate twice.
 */
final class Evaluator {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<RenderedProblem> problems;
  private final SamplingParameters sampling;
  private final PromptDispatcher dispatcher;
  private final GroupInbox inbox;
  private final RunStatus status;
  private final Path folder;

  Evaluator(
      RunConfig config,
      List<RenderedProblem> heldOut,
      PromptDispatcher dispatcher,
      GroupInbox inbox,
      RunStatus status) {
    this.problems = heldOut.subList(0, Math.min(config.evaluation().problems(), heldOut.size()));
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
    this.status = status;
    this.folder = config.run().directory();
  }

  /** Evaluates the policy of a step, or reads what an earlier process of the run found. */
  Evaluation evaluate(long policyStep) throws InterruptedException, IOException {
    if (problems.isEmpty()) {
      return Evaluation.none();
    }
    Path file = file(policyStep);
    if (Files.exists(file)) {
      return recall(policyStep);
    }
    List<List<Evaluation.Response>> responses = sample(policyStep);
    Path aside = file.resolveSibling(file.getFileName() + ".partial");
    Files.write(
        aside,
        JSON.writeValueAsBytes(responses),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.DSYNC);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return Evaluation.of(responses);
  }

  /** What an earlier evaluation of a step's policy found; none if there was none. */
  Evaluation recall(long policyStep) throws IOException {
    Path file = file(policyStep);
    if (!Files.exists(file)) {
      return Evaluation.none();
    }
    inbox.finishEvaluation(policyStep);
    return Evaluation.of(
        JSON.readValue(file.toFile(), new TypeReference<List<List<Evaluation.Response>>>() {}));
  }

  private Path file(long policyStep) {
    return folder.resolve("evaluation-%08d.json".formatted(policyStep));
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
    inbox.await(
        keys,
        done -> {
          status.phase(done, keys.size());
          double seconds = (System.nanoTime() - started) / 1e9;
          status.tokensPerSecond(tokens(keys) / seconds);
        });
    List<List<Evaluation.Response>> responses = new ArrayList<>();
    for (GroupKey key : keys) {
      inbox.get(key).ifPresent(group -> responses.add(responses(group)));
    }
    inbox.finishEvaluation(policyStep);
    return responses;
  }

  private long tokens(List<GroupKey> keys) {
    return keys.stream()
        .flatMap(key -> inbox.get(key).stream())
        .flatMap(scored -> scored.getGroup().getRolloutsList().stream())
        .mapToLong(Rollout::getTokensCount)
        .sum();
  }

  private static List<Evaluation.Response> responses(ScoredGroup scored) {
    List<Evaluation.Response> responses = new ArrayList<>();
    for (int i = 0; i < scored.getVerdictsCount(); i++) {
      Rollout rollout = scored.getGroup().getRollouts(i);
      responses.add(
          new Evaluation.Response(
              scored.getVerdicts(i).getOutcome() == Outcome.OUTCOME_EQUAL,
              rollout.getTokensCount(),
              rollout.getFinishReason() == FinishReason.FINISH_REASON_LENGTH));
    }
    return responses;
  }
}
