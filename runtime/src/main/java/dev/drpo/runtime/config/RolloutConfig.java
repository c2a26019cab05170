package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.ConfigKeys.requireBounds;
import static dev.drpo.runtime.config.ConfigKeys.requirePositive;
import static dev.drpo.runtime.config.OnResume.FREE;
import static dev.drpo.runtime.config.OnResume.SHAPES_RUN;

import java.nio.file.Path;
import java.util.List;

/** A rollout replica's engine. */
public record RolloutConfig(
    @Key(
            byDefault = "128",
            bounds = "1 or more",
            means = "Responses decoded at once; a group has to fit in.",
            onResume = FREE)
        int slots,
    @Key(
            byDefault = "0",
            bounds =
                "0 (room for every slot at its longest), or sampling.max-response-tokens or more for"
                    + " each engine",
            means =
                "Positions that the KV caches have for responses, which take them in pages of 128 as"
                    + " they grow. A response for which there is no page waits while others go on;"
                    + " what is sampled does not depend on it.",
            onResume = FREE)
        int kvCacheTokens,
    @Key(
            byDefault = "0",
            bounds = "0 (one for every slot), or 1 or more for each engine",
            means =
                "Prompts that are kept in the KV caches at once; all responses of a group share one."
                    + " A group waits until there is a place.",
            onResume = FREE)
        int prompts,
    @Key(
            byDefault = "0",
            bounds = "0 (as many as suit the device) to rollout.slots",
            means =
                "Threads that decode, each in its share of the slots, on the same weights; 0 is one"
                    + " per processor on the CPU, and one on a GPU.",
            onResume = FREE)
        int engines,
    @Key(
            byDefault = "1",
            bounds = "1 or more",
            means = "Threads that one tensor operation may use.",
            onResume = FREE)
        int threads,
    @Key(
            byDefault = "cpu",
            bounds = "cpu, cuda or cuda:N, or several GPUs with commas between them",
            means =
                "What holds the weights and caches, one device for each replica: `./drpo train`"
                    + " gives its replicas the GPUs of the list in order, and under `cuda` those"
                    + " that `training.devices` leaves free. A rollout service takes exactly one.",
            onResume = FREE)
        String devices,
    @Key(
            byDefault = "float32",
            means = "Element type of weights, activations and caches. A GPU takes bfloat16 alone.",
            onResume = FREE)
        Precision compute,
    @Key(
            byDefault = "finish-then-swap",
            means =
                "`finish-then-swap`: running groups finish on the weights that they started with;"
                    + " `swap-in-flight`: new weights are taken between two tokens, and every token"
                    + " carries its version.",
            onResume = FREE)
        WeightUpdates weightUpdates,
    @Key(
            byDefault = "embedded",
            means =
                "What samples: `embedded`, this project's own engine, or a server beside the replica,"
                    + " `vllm` or `sglang` ([engines.md](engines.md)), which needs"
                    + " `training.old-log-probabilities: recompute`. With a server, `rollout.slots`"
                    + " are requests at once, `rollout.compute` is the element type of the weights"
                    + " that it is given, and the other keys of the embedded engine mean nothing.",
            onResume = SHAPES_RUN)
        Engine engine,
    @Key(
            byDefault = "127.0.0.1:8000",
            bounds = "host:port of this machine (localhost, 127.0.0.1 or [::1])",
            means =
                "Where the server listens. Whoever reaches it can change its weights, so that it has"
                    + " to be bound to loopback.",
            onResume = FREE)
        String engineAddress,
    @Key(
            byDefault = "/dev/shm/drpo-engine",
            means =
                "Where each version's weights are written for the server, which has to see the"
                    + " folder under the same name. Holds two versions; in memory is fastest. One"
                    + " replica's alone.",
            onResume = FREE)
        Path engineFolder,
    @Key(
            byDefault = "false",
            means =
                "`true` makes this process the engine of another one: it takes no tasks and follows"
                    + " no weights, but answers the calls that `rollout.engine: vllm` makes"
                    + " ([engines.md](engines.md)). It has to be bound to loopback.",
            onResume = FREE)
        boolean engineApi) {

  /** What samples. */
  public enum Engine {
    EMBEDDED,
    VLLM,
    SGLANG;

    /** Its name in a run's configuration. */
    public String configName() {
      return Text.of(this);
    }
  }

  /** When new weights replace the old ones under running responses. */
  public enum WeightUpdates {
    FINISH_THEN_SWAP,
    SWAP_IN_FLIGHT
  }

  public RolloutConfig {
    requirePositive("rollout.slots", slots);
    require(
        engines >= 0 && engines <= slots,
        "rollout.engines",
        engines,
        "it must be 0 (as many as suit the device) to rollout.slots (" + slots + ")");
    requireBounds(kvCacheTokens >= 0, "rollout.kv-cache-tokens", kvCacheTokens);
    require(
        prompts == 0 || prompts >= Math.max(1, engines),
        "rollout.prompts",
        prompts,
        "it must be 0 (one for every slot), or 1 or more for each engine (rollout.engines is "
            + engines
            + ")");
    requirePositive("rollout.threads", threads);
    Device.requireList("rollout.devices", devices);
    boolean cpu = Device.areCpus(Device.names(devices));
    require(
        cpu || compute == Precision.BFLOAT16,
        "rollout.compute",
        compute,
        "rollout.devices is " + devices + ", whose attention takes bfloat16 alone");
    require(
        cpu || engines <= 1,
        "rollout.engines",
        engines,
        "rollout.devices is "
            + devices
            + ", where one engine uses the whole of a GPU; set it to 1 or 0");
    requireBounds(
        engineAddress.matches("(localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]):\\d{1,5}"),
        "rollout.engine-address",
        engineAddress);
    require(
        engine == Engine.EMBEDDED || !engineApi,
        "rollout.engine-api",
        engineApi,
        "rollout.engine is "
            + engine.configName()
            + ", and what is the engine of another process samples itself; set rollout.engine:"
            + " embedded, or leave this out");
    require(
        engine == Engine.EMBEDDED || cpu,
        "rollout.devices",
        devices,
        "rollout.engine is "
            + engine.configName()
            + ", and the server has the GPUs: the replica beside it takes cpu");
  }

  /** Whether a server of another process samples. */
  public boolean usesServer() {
    return engine != Engine.EMBEDDED;
  }

  /** Names of the replicas' devices. */
  public List<String> deviceNames() {
    return Device.names(devices);
  }

  public boolean onCpu() {
    return Device.areCpus(deviceNames());
  }

  /** Whether replicas take any GPUs that the learner leaves free. */
  public boolean onAnyGpus() {
    return devices.equals("cuda");
  }

  /** Numbers of the GPUs in the list, from 0 on; none on the CPU. */
  public List<Integer> gpus() {
    return Device.gpus(deviceNames());
  }

  /**
   * The device of a process, which is one replica.
   *
   * @throws ConfigException if there are several
   */
  public String device() {
    require(
        deviceNames().size() == 1,
        "rollout.devices",
        devices,
        "a rollout service takes exactly one device; start one service for each and name its own,"
            + " such as DRPO_ROLLOUT_DEVICES=cuda:0, or let ./drpo train do so");
    return devices;
  }
}
