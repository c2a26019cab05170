package dev.drpo.cli.generate;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.lines.LineSource;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.cli.policy.PolicyOptions;
import dev.drpo.cli.process.Interruption;
import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.SampledGroup;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.text.PolicyTokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo generate}: prompts in, sampled responses out. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Sample responses of a policy, with the rollout service's engine in this process.",
      "",
      "--prompt prints the response while it is drawn. --prompts reads JSON lines: {\"id\","
          + " \"prompt\"}, {\"id\", \"messages\"} or {\"id\", \"tokens\"}; other keys are ignored, so"
          + " that data sets do.",
      "Write a line for each response, in the order of the prompts: {\"id\", \"sample\", \"text\","
          + " \"finishReason\", \"promptTokens\", \"tokens\", \"logprobs\"}, or {\"id\", \"line\","
          + " \"error\"} if the line is malformed. Log-probabilities are natural logarithms, at the"
          + " temperature and before any truncation; \"samplingLogprobs\" after it, if there is one."
          + " What is sampled how, the memory plan and a summary go to"
          + " stderr.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 every prompt was answered, 1 some line was malformed or the input broke off, 2"
          + " wrong options, no such file or policy, or too little memory, 130 interrupted, 141 the"
          + " output was closed."
    })
public final class GenerateCommand implements Callable<Integer> {
  private static final int DEFAULT_SLOTS = 64;

  @Spec private CommandSpec spec;

  @Mixin private PolicyOptions policy;

  @Mixin private PromptOptions prompts;

  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = {
        "Responses of --prompts decoded at once (default: " + DEFAULT_SLOTS + ", or",
        "as many as fit into memory)."
      })
  private Optional<Integer> slots = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "Threads that decode, each in its share of the slots (default: one per",
        "core; one on a GPU)."
      })
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--json",
      description = "Write JSON lines for --prompt too; --prompts always does.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    prompts.refuseContradictions();
    refuseImpossibleSlots();
    if (threads.isPresent() && threads.get() < 1) {
      throw new UsageError("--threads is " + threads.get() + "; it must be 1 or more");
    }
    PolicyFolder folder = policy.folder();
    SamplingPlan plan = SamplingPlan.of(sampling, folder.generation());
    refuseUnknown(plan.stopTokens(), folder.config());
    return Interruption.exitCode(() -> generate(folder, plan));
  }

  private void refuseImpossibleSlots() {
    if (slots.isPresent() && prompts.prompt().isPresent()) {
      throw new UsageError("--slots is for --prompts; leave it out");
    }
    if (slots.isPresent() && slots.get() < sampling.samples()) {
      throw new UsageError(
          "--slots is %d; a prompt's %d responses are decoded together, so that it must be %d or more"
              .formatted(slots.get(), sampling.samples(), sampling.samples()));
    }
  }

  private static void refuseUnknown(Set<Integer> stopTokens, ModelConfig model) {
    for (int token : stopTokens) {
      if (token < 0 || token >= model.vocabularySize()) {
        throw new UsageError(
            "--stop-token is %d, but the policy knows ids from 0 to %d"
                .formatted(token, model.vocabularySize() - 1));
      }
    }
  }

  private int generate(PolicyFolder folder, SamplingPlan plan)
      throws IOException, InterruptedException {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder.path())) {
      PromptEncoder encoder = prompts.encoder(tokenizer);
      return prompts.prompt().isPresent()
          ? answer(folder, plan, encoder, prompts.prompt().get())
          : answerAll(folder, plan, encoder);
    } catch (OutputFailure failure) {
      return failure.exitCode("the responses", this::say);
    } catch (EngineStoppedException failure) {
      say("drpo: " + failure.getMessage());
      return ExitCode.FAILED;
    }
  }

  private int answer(PolicyFolder folder, SamplingPlan plan, PromptEncoder encoder, String text)
      throws OutputFailure, InterruptedException {
    ModelConfig model = folder.config();
    int[] prompt;
    try {
      prompt = encoder.encode(new Prompt.Text(text));
      new PromptLimits(model.vocabularySize(), model.contextLength(), model.contextLength())
          .refuseTooLong(prompt.length);
    } catch (RefusedPrompt refused) {
      throw new UsageError("--prompt: " + refused.getMessage());
    }
    int samples = plan.samples();
    PolicyEngine.Size size =
        new PolicyEngine.Size(
            samples,
            samples,
            prompt.length,
            Math.min(plan.maxTokens(), model.contextLength() - prompt.length));
    try (PolicyEngine engine = start(folder, encoder, plan, size)) {
      long start = System.nanoTime();
      SampledGroup group = SinglePrompt.answer(engine, prompt, encoder.tokenizer(), samples, json);
      Tally tally = new Tally();
      tally.count(group);
      say(tally.summary(Duration.ofNanos(System.nanoTime() - start)));
      return ExitCode.OK;
    }
  }

  private int answerAll(PolicyFolder folder, SamplingPlan plan, PromptEncoder encoder)
      throws IOException, InterruptedException {
    ModelConfig model = folder.config();
    int maxPromptTokens = prompts.maxPromptTokens(model.contextLength());
    int samples = plan.samples();
    PolicyEngine.Size size =
        new PolicyEngine.Size(
            slots.orElse(Math.max(DEFAULT_SLOTS, samples)),
            slots.orElse(samples),
            maxPromptTokens,
            Math.min(plan.maxTokens(), model.contextLength() - 1));
    PromptLimits limits =
        new PromptLimits(model.vocabularySize(), maxPromptTokens, model.contextLength());
    try (LineSource source = LineSource.open(prompts.prompts());
        PolicyEngine engine = start(folder, encoder, plan, size)) {
      if (source.isTerminal()) {
        say("drpo: reading JSON lines from the terminal; Ctrl-D ends them");
      }
      return answerAll(engine, limits, encoder, samples, source);
    }
  }

  private int answerAll(
      PolicyEngine engine,
      PromptLimits limits,
      PromptEncoder encoder,
      int samples,
      LineSource source)
      throws OutputFailure, InterruptedException {
    long start = System.nanoTime();
    try {
      Tally tally =
          GenerateStream.run(
              engine, limits, encoder, samples, source.stream(), LineOutput.standard());
      say(tally.summary(Duration.ofNanos(System.nanoTime() - start)));
      return tally.malformed() == 0 ? ExitCode.OK : ExitCode.FAILED;
    } catch (OutputFailure failure) {
      throw failure;
    } catch (IOException failure) {
      say("drpo: %s can't be read to its end: %s".formatted(source.name(), failure.getMessage()));
      return ExitCode.FAILED;
    }
  }

  private PolicyEngine start(
      PolicyFolder folder, PromptEncoder encoder, SamplingPlan plan, PolicyEngine.Size size)
      throws InterruptedException {
    Interruption.check();
    say("drpo: " + plan);
    return PolicyEngine.start(
        folder,
        encoder.tokenizer().endOfSequence(),
        plan,
        size,
        PolicyEngine.Place.of(policy.device(), policy.type(), threads),
        this::say);
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
