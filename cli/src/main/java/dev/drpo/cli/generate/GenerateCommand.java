package dev.drpo.cli.generate;

import dev.drpo.cli.ExitCode;
import dev.drpo.cli.UsageError;
import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.lines.LineSource;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.cli.policy.PolicyOptions;
import dev.drpo.cli.process.Interruption;
import dev.drpo.policy.ModelConfig;
import dev.drpo.policy.PolicyFolder;
import dev.drpo.policy.PolicyTokenizer;
import dev.drpo.rollout.engine.EngineStoppedException;
import dev.drpo.rollout.engine.ResponseListener;
import dev.drpo.rollout.engine.SampledGroup;
import dev.drpo.rollout.engine.SampledResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
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
      "Samples responses of a policy, with the rollout service's engine in this process.",
      "",
      "--prompt prints the response while it is drawn. --prompts reads JSON lines: {\"id\","
          + " \"prompt\"}, {\"id\", \"messages\"} or {\"id\", \"tokens\"}; other keys are ignored, so"
          + " that data sets do.",
      "Writes a line for each response, in the order of the prompts: {\"id\", \"sample\", \"text\","
          + " \"finishReason\", \"promptTokens\", \"tokens\", \"logprobs\"}, or {\"id\", \"line\","
          + " \"error\"} if the line is malformed. Log-probabilities are natural logarithms, at the"
          + " temperature and before top-p. What is sampled how, the memory plan and a summary go to"
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
      names = "--json",
      description = "Writes JSON lines for --prompt too; --prompts always does.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    prompts.refuseContradictions();
    refuseImpossibleSlots();
    PolicyFolder folder = policy.folder();
    SamplingPlan plan = SamplingPlan.of(sampling, folder.generation());
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

  private int generate(PolicyFolder folder, SamplingPlan plan)
      throws IOException, InterruptedException {
    try (PolicyTokenizer tokenizer = folder.tokenizer()) {
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
    int sequenceTokens = sequenceTokens(model, prompt.length, plan);
    try (PolicyEngine engine =
        start(folder, encoder, plan, new PolicyEngine.Size(samples, samples, sequenceTokens))) {
      long start = System.nanoTime();
      SampledGroup group = answer(engine, prompt, encoder.tokenizer(), samples);
      Tally tally = new Tally();
      tally.count(group);
      say(tally.summary(Duration.ofNanos(System.nanoTime() - start)));
      return ExitCode.OK;
    }
  }

  private SampledGroup answer(
      PolicyEngine engine, int[] prompt, PolicyTokenizer tokenizer, int samples)
      throws OutputFailure, InterruptedException {
    LineOutput out = LineOutput.standard();
    if (samples == 1 && !json) {
      return LiveResponse.print(engine, prompt, tokenizer, out);
    }
    SampledGroup group = Results.await(engine.submit(prompt, ResponseListener.NONE));
    out.write(
        json
            ? new ResponseLines(tokenizer).of(new LineId.Numeral("1"), prompt, group)
            : texts(group, tokenizer));
    return group;
  }

  private static String texts(SampledGroup group, PolicyTokenizer tokenizer) {
    StringBuilder texts = new StringBuilder();
    for (int sample = 0; sample < group.responses().size(); sample++) {
      SampledResponse response = group.responses().get(sample);
      texts.append(
          String.format(
              Locale.ROOT,
              "--- sample %d: %,d tokens, %s%n%s%n",
              sample,
              response.tokens().length,
              ResponseLines.name(response.finishReason()),
              tokenizer.decode(response.tokens())));
    }
    return texts.toString();
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
            sequenceTokens(model, maxPromptTokens, plan));
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
        folder, encoder.tokenizer().endOfSequence(), plan, size, policy.threads(), this::say);
  }

  private static int sequenceTokens(ModelConfig model, int promptTokens, SamplingPlan plan) {
    return (int) Math.min((long) promptTokens + plan.maxTokens(), model.contextLength());
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
