package dev.drpo.cli.eval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.generate.PolicyEngine;
import dev.drpo.cli.generate.SamplingPlan;
import dev.drpo.cli.judge.ConventionChoices;
import dev.drpo.cli.policy.ComputeOptions;
import dev.drpo.cli.policy.PolicyOptions;
import dev.drpo.cli.process.Interruption;
import dev.drpo.evaluation.SampleJudge;
import dev.drpo.generation.EngineStoppedException;
import dev.drpo.judge.Judge;
import dev.drpo.judge.limit.Limits;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.sampler.SamplingLaw;
import dev.drpo.policy.text.PolicyTokenizer;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo eval}: how often a policy is right, and how long its responses are. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Evaluate a policy, or any server of OpenAI's API, on sets of problems.",
      "",
      "Sample each problem several times and judge the responses as a run does. Print a table, and"
          + " leave results.json, results.csv, samples.jsonl and manifest.json in a folder. Called"
          + " again with the same folder, go on where it stopped, without sampling anything twice.",
      ""
    },
    footer = {
      "",
      "--device may name several, separated by commas.",
      "Exit codes: 0 everything was evaluated, 1 the engine or the server failed, 2 wrong options, no"
          + " such file or policy, another evaluation's folder, or too little memory, 130 interrupted."
    })
public final class EvalCommand implements Callable<Integer> {
  private static final int DEFAULT_SLOTS = 64;
  private static final List<String> LOCAL = List.of("--dtype", "--device", "--slots", "--threads");

  @Spec private CommandSpec spec;

  @Option(names = "--model", paramLabel = "DIR", description = "Hugging Face folder of the policy.")
  private Optional<Path> model = Optional.empty();

  @Mixin private DataOptions data;

  @Mixin private SamplerOptions sampling;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = {
        "Where the results go (default: a folder below runs that is named after the",
        "configuration)."
      })
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--baseline",
      paramLabel = "FOLDER",
      description =
          "Results of the same problems to give AES, the accuracy-efficiency score, against.")
  private Optional<Path> baseline = Optional.empty();

  @Mixin private ComputeOptions compute;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Responses decoded at once on a device (default: "
              + DEFAULT_SLOTS
              + ", or as many as fit into "
              + "memory).")
  private Optional<Integer> slots = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that decode (default: one per core; one on a GPU).")
  private Optional<Integer> threads = Optional.empty();

  @Mixin private ServerOptions server;

  @Mixin private ConventionChoices conventions;

  @Override
  public Integer call() throws Exception {
    refuseContradictions();
    SamplerSettings sampler = sampling.settings();
    List<Integer> ks = sampling.ks(sampler.samples());
    refuseImpossible(sampler);
    List<EvalSet> sets = data.sets();
    Order order =
        new Order(
            sampler,
            sets,
            ks,
            new SampleJudge(new Judge(Limits.DEFAULT), conventions.conventions()));
    return Interruption.exitCode(
        () -> {
          try {
            return server.given() ? evaluateServer(order) : evaluatePolicy(order);
          } catch (EngineStoppedException | ServerFailure | UnusableLog failure) {
            say("drpo: " + failure.getMessage());
            return ExitCode.FAILED;
          }
        });
  }

  /** What is to be evaluated, whoever answers. */
  private record Order(
      SamplerSettings sampler, List<EvalSet> sets, List<Integer> ks, SampleJudge judge) {
    private int problems() {
      return sets.stream().mapToInt(set -> set.problems().size()).sum();
    }
  }

  private void refuseContradictions() {
    if (model.isPresent() == server.given()) {
      throw new UsageError(
          model.isPresent()
              ? "--model and --against are both given; give one of them"
              : "there is nothing to evaluate; give --model DIR or --against URL");
    }
    for (String option : server.given() ? LOCAL : List.of(ServerOptions.OWN)) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new UsageError(
            "%s is for %s; leave it out"
                .formatted(option, server.given() ? "--model" : "--against"));
      }
    }
  }

  private void refuseImpossible(SamplerSettings sampler) {
    if (threads.isPresent() && threads.get() < 1) {
      throw new UsageError("--threads is " + threads.get() + "; it must be 1 or more");
    }
    if (slots.isPresent() && slots.get() < sampler.samples()) {
      throw new UsageError(
          "--slots is %d; a problem's %d responses are decoded together, so that it must be %d or more"
              .formatted(slots.get(), sampler.samples(), sampler.samples()));
    }
  }

  private int evaluatePolicy(Order order) throws IOException, InterruptedException {
    PolicyFolder folder = PolicyOptions.folder(model.orElseThrow());
    List<PolicyEngine.Place> places =
        compute.devices().stream()
            .map(device -> PolicyEngine.Place.of(device, compute.type(), threads))
            .toList();
    Interruption.check();
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder.path())) {
      LocalPolicy policy = new LocalPolicy(folder, tokenizer);
      int longest = policy.longestPrompt(order.sets());
      ObjectNode identity =
          policy
              .identity()
              .put("dtype", compute.type().configName())
              .put("device", places.getFirst().device().isGpu() ? "cuda" : "cpu");
      return evaluate(order, identity, () -> engines(policy, order.sampler(), longest, places));
    }
  }

  private Respondent engines(
      LocalPolicy policy,
      SamplerSettings sampler,
      int longestPrompt,
      List<PolicyEngine.Place> places) {
    int context = policy.folder().config().contextLength();
    SamplingLaw law =
        sampler.temperature() == 0
            ? SamplingLaw.at(0)
            : new SamplingLaw(sampler.temperature(), sampler.topP(), 0, 0);
    SamplingPlan plan =
        new SamplingPlan(
            sampler.samples(),
            law,
            Set.of(),
            sampler.maxTokens(),
            sampler.seed(),
            List.of(),
            List.of());
    if (sampler.maxTokens() > context - longestPrompt) {
      say(
          String.format(
              Locale.ROOT,
              "drpo: the policy's context of %,d ends responses before --max-tokens %,d does",
              context,
              sampler.maxTokens()));
    }
    PolicyEngine.Size size =
        new PolicyEngine.Size(
            slots.orElse(Math.max(DEFAULT_SLOTS, sampler.samples())),
            slots.orElse(sampler.samples()),
            longestPrompt,
            Math.min(sampler.maxTokens(), context - 1));
    return EngineRespondent.start(policy, plan, size, places, this::say);
  }

  private int evaluateServer(Order order) throws IOException, InterruptedException {
    int concurrency = server.concurrency();
    int perRequest = server.perRequest();
    try (OpenAiClient client =
        new OpenAiClient(server.api(), server.key(System.getenv()), Backoff.DEFAULT)) {
      String name = served(client);
      ObjectNode identity =
          JsonNodeFactory.instance
              .objectNode()
              .put("server", server.api().toString())
              .put("model", name);
      return evaluate(
          order,
          identity,
          () -> new ServerRespondent(client, name, order.sampler(), concurrency, perRequest));
    }
  }

  private String served(OpenAiClient client) throws InterruptedException {
    List<String> models = client.models();
    if (server.model().isEmpty() && models.size() == 1) {
      return models.getFirst();
    }
    return server
        .model()
        .filter(models::contains)
        .orElseThrow(
            () ->
                new UsageError(
                    "%s; the server's models are %s"
                        .formatted(
                            server
                                .model()
                                .map(name -> "--model-name is " + name + ", which is unknown")
                                .orElse("--model-name is missing"),
                            String.join(", ", models))));
  }

  private int evaluate(Order order, ObjectNode policy, Supplier<Respondent> respondent)
      throws IOException, InterruptedException {
    Manifest manifest =
        Manifest.of(policy, order.sampler(), order.judge().conventions(), order.sets());
    Optional<Baseline> base =
        baseline.map(
            folder ->
                Baseline.read(folder, manifest, order.sets().stream().map(EvalSet::name).toList()));
    Path folder = out.orElse(Path.of("runs", "eval-" + manifest.digest()));
    EvalFolder.claim(folder, manifest);
    try (SampleLog log = SampleLog.open(folder, order.sampler().samples())) {
      EvalProgress progress =
          new EvalProgress(
              spec.commandLine().getErr(), isTerminal(), order.problems(), System::nanoTime);
      new Evaluation(order.sets(), log, order.judge(), progress).run(respondent);
      log.sort(order.sets());
      Report report = Report.of(manifest, order.sets(), log, order.ks(), order.judge(), base);
      ReportFiles.write(folder, report);
      PrintWriter table = spec.commandLine().getOut();
      ReportTable.lines(report).forEach(table::println);
      table.flush();
      say("drpo: " + folder + " holds results.json, results.csv, samples.jsonl and manifest.json");
    }
    return ExitCode.OK;
  }

  /** Whether a console exists without a terminal depends on the platform's console provider. */
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
