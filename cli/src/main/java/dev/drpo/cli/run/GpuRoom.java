package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.machine.Gpu;
import dev.drpo.planning.LearnerMemory;
import dev.drpo.planning.Overhead;
import dev.drpo.planning.RolloutMemory;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.trainer.TrainingMemory;
import dev.drpo.runtime.config.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Refuses a run whose GPUs are not there, or hold less than learner and replicas need on them. */
final class GpuRoom {
  private GpuRoom() {}

  static void check(RunPlan plan, Machine machine) {
    RunConfig config = plan.config();
    if (config.training().onCpu() && config.rollout().onCpu()) {
      return;
    }
    List<Gpu> gpus = machine.gpus().get();
    Map<String, Gpu> byName =
        gpus.stream().collect(Collectors.toMap(Gpu::device, Function.identity()));
    List<String> learner = config.training().gpus().stream().map(gpu -> "cuda:" + gpu).toList();
    requireThere("training.devices", learner, gpus, byName);
    List<String> replicas = plan.replicas().stream().filter(name -> !name.equals("cpu")).toList();
    requireThere("rollout.devices", replicas, gpus, byName);
    ModelConfig model = new PolicyFolder(config.policy().path()).config();
    Map<String, Boolean> used = new TreeMap<>();
    learner.forEach(name -> used.put(name, true));
    replicas.forEach(name -> used.putIfAbsent(name, false));
    used.forEach(
        (name, learns) ->
            requireRoom(byName.get(name), learns, replicas.contains(name), config, model, gpus));
  }

  private static void requireThere(
      String key, List<String> names, List<Gpu> gpus, Map<String, Gpu> byName) {
    for (String name : names) {
      if (!byName.containsKey(name)) {
        throw new UsageError(
            "%s names %s, but this machine has %s; %s, or set %s=cpu for a small policy"
                .formatted(key, name, there(gpus), remedy(gpus), key));
      }
    }
  }

  private static String there(List<Gpu> gpus) {
    return switch (gpus.size()) {
      case 0 -> "no GPU that nvidia-smi tells of";
      case 1 -> "one GPU, cuda:0";
      default -> gpus.size() + " GPUs, cuda:0 to cuda:" + (gpus.size() - 1);
    };
  }

  private static void requireRoom(
      Gpu gpu,
      boolean learns,
      boolean samples,
      RunConfig config,
      ModelConfig model,
      List<Gpu> gpus) {
    long learner = learns ? LearnerMemory.ofDevice(config, model) : 0;
    long rollout = samples ? RolloutMemory.ofDevice(config, model) : 0;
    if (learner + rollout <= gpu.freeBytes()) {
      return;
    }
    String both = learns && samples ? " (training.devices and rollout.devices both name it)" : "";
    StringBuilder needs = new StringBuilder();
    if (learns) {
      needs
          .append("; the learner ")
          .append(TrainingMemory.gigabytes(learner))
          .append(" (")
          .append(LearnerMemory.of(config, model))
          .append(')');
    }
    if (samples) {
      needs
          .append("; a rollout replica ")
          .append(TrainingMemory.gigabytes(rollout))
          .append(" (")
          .append(RolloutMemory.of(config, model))
          .append(')');
    }
    throw new UsageError(
        "%s has %s free of %s, and this run needs %s of it%s%s; each with %s of overhead; %s"
            .formatted(
                gpu.device(),
                TrainingMemory.gigabytes(gpu.freeBytes()),
                TrainingMemory.gigabytes(gpu.totalBytes()),
                TrainingMemory.gigabytes(learner + rollout),
                both,
                needs,
                TrainingMemory.gigabytes(Overhead.GPU),
                remedy(gpus)));
  }

  private static String remedy(List<Gpu> gpus) {
    long least = gpus.stream().mapToLong(Gpu::totalBytes).min().orElse(80_000_000_000L);
    int count = gpus.isEmpty() ? 8 : gpus.size();
    return "./drpo doctor tells what this machine has, and ./drpo plan --gpus %dx%dGB what fits it"
        .formatted(count, least / 1_000_000_000L);
  }
}
