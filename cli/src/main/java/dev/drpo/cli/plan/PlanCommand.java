package dev.drpo.cli.plan;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.RunLayers;
import dev.drpo.planning.Card;
import dev.drpo.planning.Fleet;
import dev.drpo.planning.Lengths;
import dev.drpo.planning.Plan;
import dev.drpo.planning.PlanText;
import dev.drpo.planning.Planner;
import dev.drpo.planning.Request;
import dev.drpo.policy.engine.MachineMemory;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.GivenKeys;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo plan}: which device does what, before any of them is at hand. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Plan which device does what in a run: memory of each by component, slots and micro-batches,"
          + " and the time of a step that can be expected.",
      "Nothing is started and no GPU is needed: the devices are those that you name. With --out,"
          + " write a configuration that train takes. See docs/gpus.md."
    },
    footer = {
      "",
      "Exit codes: 0 a placement fits, 2 none does, or wrong options or configuration."
    })
public final class PlanCommand implements Callable<Integer> {
  private static final String CPU = "cpu";

  @Spec private CommandSpec spec;

  @Option(
      names = "--gpus",
      paramLabel = "NxCARD",
      required = true,
      description = {
        "GPUs of a node, as 8x80GB or 8xH100; cpu (or 0) for this machine's CPU.",
        "A size is that of the card's name, in units of 10^9 bytes: 80GB stands for any such card."
      })
  private String gpus;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Nodes with as many GPUs each (default: ${DEFAULT-VALUE}). The learner lies on one.")
  private int nodes;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Values to start from: quickstart, drpo-1.5b-8k or drpo-7b-8k.")
  private String preset;

  @Option(
      names = "--config",
      paramLabel = "YAML",
      description = "File with the keys that differ from the preset and the defaults.")
  private Path config;

  @Option(
      names = "--model",
      paramLabel = "DIR|SIZE",
      description = {
        "Folder of a policy, of which config.json is enough; or 1.5B or 7B, the paper's policies.",
        "Default: policy.path, else the preset's policy."
      })
  private String model;

  @Option(
      names = "--tokens",
      paramLabel = "MEAN",
      description =
          "Mean length of a response, for the time (default: half of sampling.max-response-tokens).")
  private Double tokens;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the configuration there; the file must not exist.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Path current = Path.of("").toAbsolutePath();
    Map<String, String> environment = new HashMap<>(System.getenv());
    if (preset != null) {
      environment.put(ConfigLoader.PRESET_VARIABLE, preset);
    }
    RunLayers layers =
        new RunLayers(
            Path.of(System.getProperty("drpo.root", "")).toAbsolutePath(),
            current,
            Optional.ofNullable(config),
            environment,
            Map.of());
    GivenKeys given = layers.given();
    if (preset != null && !given.preset().equals(Optional.of(preset))) {
      throw new UsageError(
          "--preset is %s, but %s names the preset %s; leave one of them out"
              .formatted(preset, config, given.preset().orElse("none")));
    }
    RunConfig asked = layers.asked();
    PlannedPolicy policy = PlannedPolicy.of(Optional.ofNullable(model), layers, given);
    Plan plan =
        Planner.plan(
            new Request(
                policy.title(),
                policy.model(),
                asked,
                fleet(),
                Lengths.of(asked.sampling(), mean(asked))));
    PrintWriter lines = spec.commandLine().getOut();
    PlanText.lines(plan).forEach(lines::println);
    NextSteps.lines(plan, given, out).forEach(lines::println);
    if (out != null) {
      write(current.resolve(out), plan.yaml(given));
    }
    lines.flush();
    return ExitCode.OK;
  }

  private Fleet fleet() {
    if (!gpus.equals(CPU) && !gpus.equals("0")) {
      return Fleet.parse(gpus, nodes);
    }
    if (nodes != 1) {
      throw new UsageError(
          "--nodes is %d, but --gpus %s is this machine alone".formatted(nodes, gpus));
    }
    return Fleet.cpu(
        Card.cpu(Runtime.getRuntime().availableProcessors(), MachineMemory.available()));
  }

  private OptionalDouble mean(RunConfig asked) {
    if (tokens == null) {
      return OptionalDouble.empty();
    }
    int longest = asked.sampling().maxResponseTokens();
    if (!(tokens > 0 && tokens <= longest)) {
      throw new UsageError(
          "--tokens is %s; it must be above 0 and at most sampling.max-response-tokens (%d)"
              .formatted(tokens, longest));
    }
    return OptionalDouble.of(tokens);
  }

  private static void write(Path file, String yaml) throws IOException {
    try {
      Files.writeString(file, yaml, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new UsageError("--out is " + file + ", which exists; name a new file");
    }
  }
}
