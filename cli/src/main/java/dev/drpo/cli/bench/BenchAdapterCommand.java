package dev.drpo.cli.bench;

import dev.drpo.benchmarks.adapter.AdapterBench;
import dev.drpo.benchmarks.machine.Machine;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.checkpoint.PolicyFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo bench adapter}: what it costs to have a server of another process sample. */
@Command(
    name = "adapter",
    mixinStandardHelpOptions = true,
    description = {
      "Measure what a rollout replica takes to have vLLM sample.",
      "A server in this process answers at once, so that what is measured is the replica's own"
          + " part: requests, answers, and the checks of each token.",
      "A missed target is shown, and is no failure of the command."
    })
final class BenchAdapterCommand implements Callable<Integer> {
  private static final int PROMPT_TOKENS = 256;
  private static final int GROUP = 8;

  @Spec private CommandSpec spec;

  @Option(
      names = "--groups",
      paramLabel = "N",
      defaultValue = "200",
      description = "Groups of 8 responses to ask for (default: ${DEFAULT-VALUE}).")
  private int groups;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Tokens of each response (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "128",
      description = "Requests at once (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Override
  public Integer call() throws IOException {
    require(groups >= 1 && groups <= 1_000_000, "--groups", groups);
    require(tokens >= 1 && tokens <= 100_000, "--tokens", tokens);
    require(slots >= GROUP && slots <= 10_000, "--slots", slots);
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    PolicyFolder policy = new PolicyFolder(root.resolve("datasets/quickstart/policy"));
    Path folder = Files.createTempDirectory("drpo-bench-");
    PrintWriter out = spec.commandLine().getOut();
    try {
      AdapterBench bench = new AdapterBench(policy, folder, PROMPT_TOKENS, tokens, GROUP, slots);
      out.println("machine: " + Machine.description());
      bench.run(groups).table().forEach(out::println);
      out.flush();
      return ExitCode.OK;
    } finally {
      delete(folder);
    }
  }

  private static void require(boolean holds, String option, Object value) {
    if (!holds) {
      throw new UsageError(
          "%s is %s, which is out of its range; see ./drpo bench adapter --help"
              .formatted(option, value));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
