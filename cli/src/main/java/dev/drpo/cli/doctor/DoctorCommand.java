package dev.drpo.cli.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.drpo.benchmarks.device.DeviceExamination;
import dev.drpo.benchmarks.device.DeviceReport;
import dev.drpo.benchmarks.device.DeviceTable;
import dev.drpo.benchmarks.device.Shape;
import dev.drpo.benchmarks.machine.Machine;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.machine.Gpus;
import dev.drpo.policy.engine.TensorLibrary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo doctor}: what a machine has, and whether a device computes what it should. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Tell what this machine has for runs, and what to do about what it lacks.",
      "With --gpu or --device, examine a device too, in under five minutes on a GPU: whether"
          + " log-probabilities and a step's gradient in bfloat16 are those of fp32 on the CPU, how"
          + " fast it decodes and learns beside its own limits, and whether memory is as planned.",
      "See docs/gpus.md."
    },
    footer = {
      "",
      "Exit codes: 0 runs can start and every check passed, 1 something is missing or a check"
          + " failed, 2 wrong options."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @Spec private CommandSpec spec;

  @Option(names = "--gpu", description = "Examine the first GPU: --device cuda.")
  private boolean gpu;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "What to examine: cuda, cuda:N, or cpu, which shows that everything runs.")
  private String device;

  @Option(
      names = "--shape",
      paramLabel = "NAME",
      description =
          "How large the policies are that the device is examined with: 1.5b (default on a GPU) or"
              + " tiny (default on the CPU).")
  private String shapeName;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write all of it to this file.")
  private Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<String> examined = examined();
    Shape shape = shape(examined);
    requireWritable();
    boolean needsGpu = examined.filter(name -> !name.equals("cpu")).isPresent();
    List<Finding> findings = findings(needsGpu);
    PrintWriter out = spec.commandLine().getOut();
    FindingTable.lines(findings).forEach(out::println);
    out.flush();
    Optional<DeviceReport> report = Optional.empty();
    if (examined.isPresent() && findings.stream().noneMatch(Finding::hasFailed)) {
      report = Optional.of(examine(examined.get(), shape));
      out.println();
      DeviceTable.lines(report.get()).forEach(out::println);
    }
    Diagnosis diagnosis = new Diagnosis(findings, examined, report);
    out.println();
    out.println(diagnosis.summary());
    out.flush();
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), diagnosis.json(Machine.description()));
    }
    return diagnosis.exitCode();
  }

  private Optional<String> examined() {
    if (gpu && device != null) {
      throw new UsageError("--gpu stands for --device cuda; give one of them");
    }
    Optional<String> named = gpu ? Optional.of("cuda") : Optional.ofNullable(device);
    named.ifPresent(
        name -> {
          if (!name.matches("cpu|cuda(:\\d{1,3})?")) {
            throw new UsageError("--device is " + name + "; it must be cpu, cuda or cuda:N");
          }
        });
    return named;
  }

  private Shape shape(Optional<String> examined) {
    if (shapeName == null) {
      return examined.filter(name -> name.equals("cpu")).isPresent() ? Shape.TINY : Shape.QWEN_1_5B;
    }
    if (examined.isEmpty()) {
      throw new UsageError("--shape needs --gpu or --device, which are examined with it");
    }
    try {
      return Shape.named(shapeName);
    } catch (IllegalArgumentException e) {
      throw new UsageError("--shape is " + shapeName + "; " + e.getMessage());
    }
  }

  /** Minutes of measuring are not to be lost to a file that can't be written. */
  private void requireWritable() {
    Path folder = json == null ? null : json.toAbsolutePath().getParent();
    if (folder != null && !Files.isWritable(folder)) {
      throw new UsageError(
          "--json is %s, but %s is no folder that can be written to".formatted(json, folder));
    }
  }

  private static List<Finding> findings(boolean needsGpu) {
    Host host = Host.ofThisMachine();
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    Optional<TensorLibrary> library = TensorLibrary.find(host.environment());
    List<Finding> findings = new ArrayList<>();
    findings.addAll(Processors.find(host));
    findings.addAll(Memory.find(host));
    findings.addAll(
        Disks.find(
            Path.of("runs").toAbsolutePath(),
            TensorLibrary.unpackFolder(),
            library.filter(TensorLibrary::isForCuda).isPresent()));
    findings.addAll(
        Libraries.find(library, TensorLibrary::load, root.resolve("datasets/quickstart/policy")));
    findings.addAll(GpuFindings.of(GpuFacts.gather(host, new Gpus(), library), needsGpu));
    return findings;
  }

  private DeviceReport examine(String name, Shape shape) throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    return new DeviceExamination(name, shape, PATIENCE)
        .run(
            line -> {
              err.println(line);
              err.flush();
            });
  }
}
