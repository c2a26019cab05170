package dev.drpo.cli.rollouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.topics.RunSource;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.TopicView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo rollouts stats}: what the groups come to, step by step. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = {
      "Show per step: groups, accuracy, mean length of right (+) and wrong (-) responses, policies"
          + " that sampled, and verdicts by the rule that decided; and who of several replicas sampled"
          + " how much.",
      "A group that was delivered twice counts once."
    })
final class StatsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunSource source;
  @Mixin private Selection selection;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    selection.check();
    if (selection.choosesResponses()) {
      throw new UsageError(
          "stats counts right and wrong responses side by side; leave --right and --wrong out");
    }
    return Reading.exitCode(source, this::say, this::show);
  }

  private void show(Messaging messaging) throws IOException, InterruptedException {
    try (TopicView<ScoredGroup> scored = Reading.scored(messaging, Long.MAX_VALUE)) {
      List<StepStats> steps =
          StepStats.of(
              scored.readToEnd().stream()
                  .flatMap(entry -> entry.value().stream())
                  .filter(group -> selection.has(group.getGroup().getId()))
                  .toList());
      LineOutput out = LineOutput.standard();
      if (json) {
        for (StepStats step : steps) {
          out.write(json(step) + "\n");
        }
      } else {
        List<String> lines = new ArrayList<>(StepStats.table(steps));
        lines.addAll(StepStats.shares(steps));
        out.write(String.join("\n", lines) + "\n");
      }
      int again = steps.stream().mapToInt(StepStats::again).sum();
      if (again > 0) {
        say("drpo: %d groups came once more, and are counted once".formatted(again));
      }
      Reading.tellRemoved(scored, this::say);
    }
  }

  private static String json(StepStats step) throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("step", step.step())
        .put("groups", step.groups())
        .put("again", step.again())
        .put("responses", step.responses())
        .put("cutOff", step.cutOff());
    put(json, "accuracy", step.accuracy());
    put(json, "rightLength", step.rightLength());
    put(json, "wrongLength", step.wrongLength());
    ObjectNode rules = json.putObject("rules");
    step.rules().forEach(rules::put);
    ArrayNode versions = json.putArray("versions");
    step.versions().forEach(versions::add);
    ObjectNode replicas = json.putObject("tokensByReplica");
    step.replicas().forEach(replicas::put);
    return mapper.writeValueAsString(json);
  }

  /** JSON has no number for what does not exist. */
  private static void put(ObjectNode json, String key, double value) {
    if (Double.isNaN(value)) {
      json.putNull(key);
    } else {
      json.put(key, value);
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
