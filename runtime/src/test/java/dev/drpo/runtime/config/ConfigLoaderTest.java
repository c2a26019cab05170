package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.objectives.AllCorrect;
import dev.drpo.objectives.Divergence;
import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.LengthReward;
import dev.drpo.runtime.config.OptimizerConfig.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  @TempDir Path folder;

  @Test
  void defaultsAreThePapersValues() {
    RunConfig config = ConfigLoader.load(null, Map.of(), Map.of());

    assertThat(config.sampling().groupSize()).isEqualTo(8);
    assertThat(config.sampling().temperature()).isEqualTo(0.6);
    assertThat(config.sampling().maxPromptTokens()).isEqualTo(1024);
    assertThat(config.sampling().maxResponseTokens()).isEqualTo(8192);
    assertThat(config.objective())
        .isEqualTo(
            new Drpo.Config(
                0.1,
                false,
                LengthReward.LINEAR,
                10,
                1e-4,
                1e3,
                Divergence.K1,
                AllCorrect.NONE,
                false));
    assertThat(config.optimizer())
        .isEqualTo(new OptimizerConfig(2e-6, 0.9, 0.999, 1e-8, 0.01, 1.0, Schedule.CONSTANT, 0));
    assertThat(config.training().promptsPerStep()).isEqualTo(128);
    assertThat(config.training().miniBatchesPerStep()).isEqualTo(4);
    assertThat(config.training().steps()).isEqualTo(1000);
    assertThat(config.weights()).isEqualTo(new RunConfig.Weights(Precision.FLOAT32, 0.25, 900_000));
    assertThat(config.evaluation().topP()).isEqualTo(0.95);
  }

  @Test
  void theKeysOfAConfigurationAreOverridesThatGiveItAgain() {
    RunConfig config =
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "objective.name", "grpo",
                "reward.functions", "answer:1,format:0.5",
                "optimizer.learning-rate", "1e-7",
                "training.gap-alarm-nats", "Infinity"));

    Map<String, String> keys = ConfigLoader.toKeys(config);

    assertThat(keys)
        .containsEntry("reward.functions", "answer:1.0,format:0.5")
        .containsEntry("run.seed", "0")
        .containsEntry("data.train", "datasets/quickstart/train.jsonl");
    assertThat(ConfigLoader.load(null, Map.of(), keys)).isEqualTo(config);
  }

  @ParameterizedTest
  @ValueSource(strings = {"quickstart", "drpo-1.5b-8k", "drpo-7b-8k"})
  void everyPresetLoads(String preset) {
    assertThat(ConfigLoader.load(null, Map.of("DRPO_PRESET", preset), Map.of()).run().id())
        .isEqualTo(preset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"drpo-1.5b-8k", "drpo-7b-8k"})
  void largePoliciesTravelInBfloat16(String preset) {
    assertThat(ConfigLoader.load(null, Map.of("DRPO_PRESET", preset), Map.of()).weights().type())
        .isEqualTo(Precision.BFLOAT16);
  }

  @ParameterizedTest
  @CsvSource({
    "weights.type, int8, must be one of [float32; bfloat16]",
    "weights.most-patch-fraction, 1.5, must be between 0 (never a patch) and 1",
    "weights.patch-chunk-bytes, 1023, must be between 1024 and 8000000",
    "weights.patch-chunk-bytes, 9000000, must be between 1024 and 8000000"
  })
  void weightsThatCanNotTravelSoAreRefused(String key, String value, String message) {
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + " is " + value)
        .hasMessageContaining(message.replace(';', ','));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rollout.engine=vllm | rollout.engine is vllm | training.old-log-probabilities: recompute",
        "rollout.engine=sglang,training.old-log-probabilities=behaviour,training.max-lag=1 | rollout.engine is sglang | training.old-log-probabilities: recompute",
        "rollout.engine=tgi | rollout.engine is tgi | one of [embedded, vllm, sglang]",
        "rollout.engine-address=engine.example:8000 | rollout.engine-address is engine.example:8000 | of this machine",
        "rollout.engine-address=127.0.0.1 | rollout.engine-address is 127.0.0.1 | host:port",
        "rollout.engine=vllm,training.old-log-probabilities=recompute,rollout.engine-api=true | rollout.engine-api is true | set rollout.engine: embedded",
        "rollout.engine=vllm,training.old-log-probabilities=recompute,rollout.devices=cuda,rollout.compute=bfloat16 | rollout.devices is cuda | the server has the GPUs",
      })
  void enginesThatCanNotBeUsedSoAreRefused(String keys, String subject, String reason) {
    Map<String, String> given = new TreeMap<>(Map.of("training.max-lag", "0"));
    for (String pair : keys.split(",", -1)) {
      given.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
    }
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), given))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(subject)
        .hasMessageContaining(reason);
  }

  @Test
  void anEngineBesideAReplicaIsTakenWithWhatItAsksFor() {
    RunConfig config =
        ConfigLoader.load(
            null,
            Map.of(
                "DRPO_ROLLOUT_ENGINE", "vllm",
                "DRPO_ROLLOUT_ENGINE_ADDRESS", "[::1]:8000",
                "DRPO_TRAINING_OLD_LOG_PROBABILITIES", "recompute"),
            Map.of());
    assertThat(config.rollout().usesServer()).isTrue();
  }

  @Test
  void laterLayersWin() throws IOException {
    Path file =
        write("preset: quickstart\nobjective:\n  lambda: 0.2\n  tau: 5\ntraining: {steps: 7}\n");

    RunConfig config =
        ConfigLoader.load(
            file,
            Map.of("DRPO_OBJECTIVE_LAMBDA", "0.3", "DRPO_OBJECTIVE_TAU", "6", "PATH", "/bin"),
            Map.of("objective.lambda", "Infinity"));

    assertThat(config.objective())
        .isEqualTo(
            new Drpo.Config(
                Double.POSITIVE_INFINITY,
                false,
                LengthReward.LINEAR,
                6,
                1e-3,
                1e3,
                Divergence.K1,
                AllCorrect.NONE,
                false));
    assertThat(config.training().steps()).isEqualTo(7);
  }

  @Test
  void tablesKeepTheirOrderAndReplaceTheOnesBeforeThem() throws IOException {
    RunConfig config =
        ConfigLoader.load(
            write(
                "objective: {name: grpo}\n"
                    + "reward: {functions: {remote: 1, format: 0.5, answer: 0},"
                    + " remote-address: 'judge:9000', conventions: {percent: typed, fractions: any}}"),
            Map.of("DRPO_REWARD_CONVENTIONS", "units:required, order:strict"),
            Map.of());

    assertThat(config.reward().functions().keySet()).containsExactly("remote", "format", "answer");
    assertThat(config.reward().functions().values()).containsExactly(1.0, 0.5, 0.0);
    assertThat(config.reward().conventions().changes())
        .isEqualTo(Map.of("units", "required", "order", "strict"));
    assertThat(ConfigLoader.load(write(ConfigLoader.toYaml(config)), Map.of(), Map.of()))
        .isEqualTo(config);
    assertThat(
            ConfigLoader.load(null, Map.of("DRPO_REWARD_CONVENTIONS", ""), Map.of())
                .reward()
                .conventions())
        .isEqualTo(Conventions.DEFAULT);
    assertThatThrownBy(
            () -> ConfigLoader.load(null, Map.of("DRPO_REWARD_FUNCTIONS", "answer"), Map.of()))
        .hasMessageContaining("reward.functions is 'answer'; it must be name:value");
  }

  @Test
  void theResponseBudgetOfAStepIsThatOfTheLastStageThatHasBegun() throws IOException {
    RunConfig config =
        ConfigLoader.load(
            write("sampling: {response-budgets: {200: 2048, 9: 4096}}"), Map.of(), Map.of());

    RunConfig.Sampling sampling = config.sampling();
    assertThat(List.of(0L, 8L, 9L, 199L, 200L, 999L))
        .extracting(sampling::responseBudget)
        .containsExactly(8192, 8192, 4096, 4096, 2048, 2048);
    assertThat(ConfigLoader.load(write(ConfigLoader.toYaml(config)), Map.of(), Map.of()))
        .isEqualTo(config);
    assertThat(ConfigLoader.toKeys(config))
        .containsEntry("sampling.response-budgets", "9:4096,200:2048");
    assertThat(
            ConfigLoader.load(null, Map.of(), Map.of("sampling.response-budgets", "0:77"))
                .sampling()
                .responseBudget(0))
        .isEqualTo(77);
  }

  @Test
  void whatIsWrittenLoadsAsTheSameConfiguration() throws IOException {
    RunConfig config =
        ConfigLoader.load(
            null, Map.of("DRPO_PRESET", "quickstart"), Map.of("objective.lambda", "Infinity"));

    assertThat(ConfigLoader.load(write(ConfigLoader.toYaml(config)), Map.of(), Map.of()))
        .isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'objective: {lamda: 1}' | unknown key objective.lamda | did you mean objective.lambda?",
        "'objective: {lambda: -1}' | objective.lambda is -1.0 | above 0",
        "'objective: {lambda: big}' | objective.lambda is 'big' | not a valid",
        "'objective: {name: ppo}' | objective.name is ppo | [drpo, disco, grpo, grpo-length,",
        "'objective: 3' | objective | is a section",
        "'training: {steps: 2.5}' | training.steps is '2.5' | int",
        "'training: {steps: [1]}' | training.steps | a single value",
        "'training: {mini-batches-per-step: 900}' | training.mini-batches-per-step is 900 | 128",
        "'training: {most-extra-groups: -1}' | training.most-extra-groups is -1 | 0 (off) or more",
        "'{training: {most-extra-groups: 1}, sampling: {group-size: 1}}' | training.most-extra-groups is 1 | never has signal",
        "'training: {tokens-per-micro-batch: 9}' | training.tokens-per-micro-batch is 9 | 9216",
        "'optimizer: {schedule: step}' | optimizer.schedule is step | [constant, cosine]",
        "'optimizer: {warmup-steps: -1}' | optimizer.warmup-steps is -1 | 0 or more",
        "'training: {recompute: all}' | training.recompute is all | [none, layers]",
        "'training: {compute: float16}' | training.compute is float16 | [float32, bfloat16]",
        "'training: {old-log-probabilities: old}' | training.old-log-probabilities is old | [auto, behaviour,",
        "'training: {importance-cap: 0.5}' | training.importance-cap is 0.5 | 0 (off) or 1 or more",
        "'training: {importance-band: off}' | training.importance-band is false | none, or LOW..HIGH",
        "'training: {importance-band: 2..5}' | training.importance-band is 2..5 | LOW between 0 and 1",
        "'training: {response-band: 0.9}' | training.response-band is 0.9 | such as 0.5..5",
        "'training: {importance-band: 0.5..5, max-lag: 0}' | training.importance-band is 0.5..5 | asks for training.old-log-probabilities: recompute",
        "'training: {response-band: 0.9..1.1, old-log-probabilities: behaviour}' | training.response-band is 0.9..1.1 | training.old-log-probabilities: recompute",
        "'training: {gap-alarm-of-delta: 0}' | training.gap-alarm-of-delta is 0.0 | Infinity is off",
        "'training: {gap-alarm-nats: -1}' | training.gap-alarm-nats is -1.0 | Infinity is off",
        "'training: {kl-prompts: -1}' | training.kl-prompts is -1 | 0 (off) or more",
        "'training: {devices: cuda}' | training.compute is float32 | set training.compute: bfloat16",
        "'training: {device: cpu}' | unknown key training.device | did you mean training.devices?",
        "'rollout: {device: cuda}' | unknown key rollout.device | did you mean rollout.devices?",
        "'rollout: {devices: tpu}' | rollout.devices is tpu | cuda:N",
        "'rollout: {devices: \"cuda:1,cuda:1\", compute: bfloat16}' | rollout.devices is cuda:1,cuda:1 | a GPU once",
        "'rollout: {devices: \"cpu,cuda\", compute: bfloat16}' | rollout.devices is cpu,cuda | one kind",
        "'rollout: {devices: \"cuda:0,cuda:1\"}' | rollout.compute is float32 | takes bfloat16 alone",
        "'training: {devices: tpu}' | training.devices is tpu | cuda:N",
        "'training: {devices: \"cuda:0,\"}' | training.devices is cuda:0, | cuda:N",
        "'training: {devices: \"cuda,cuda:0\"}' | training.devices is cuda,cuda:0 | a GPU once",
        "'training: {devices: \"cpu,cuda\"}' | training.devices is cpu,cuda | one kind",
        "'training: {devices: cuda, threads: 2}' | training.threads is 2 | one micro-batch at a time",
        "'training: {hinge: token}' | training.hinge is token | [mini-batch, micro-batch]",
        "'training: {bad-steps-allowed: -1}' | training.bad-steps-allowed is -1 | 0 or more",
        "'sampling: {top-p: 0.9}' | sampling.top-p is 0.9 | whole distribution",
        "'sampling: {response-budgets: {-1: 9}}' | sampling.response-budgets.-1 is 9 | 0 or more",
        "'sampling: {response-budgets: {5: 0}}' | sampling.response-budgets.5 is 0 | (8192)",
        "'sampling: {response-budgets: {5: 9000}}' | sampling.response-budgets.5 is 9000 | (8192)",
        "'sampling: {response-budgets: {1000: 9}}' | sampling.response-budgets.1000 is 9 | no step",
        "'sampling: {response-budgets: {soon: 9}}' | sampling.response-budgets.soon | such as {100: 4096}",
        "'sampling: {response-budgets: {5: few}}' | sampling.response-budgets.5 is 'few' | not a valid",
        "'sampling: {response-budgets: 9}' | sampling.response-budgets in | a table of names and values",
        "'sampling: {temperature: 0}' | sampling.temperature is 0.0 | above 0",
        "'rollout: {slots: 4}' | rollout.slots is 4 | sampling.group-size is 8",
        "'rollout: {kv-cache-tokens: -1}' | rollout.kv-cache-tokens is -1 | 0 (room for every slot",
        "'rollout: {kv-cache-tokens: 8191}' | rollout.kv-cache-tokens is 8191 | it must be 8192 or more",
        "'rollout: {kv-cache-tokens: 16383, engines: 2}' | rollout.kv-cache-tokens is 16383 | 16384",
        "'rollout: {prompts: 1, engines: 2}' | rollout.prompts is 1 | for each engine",
        "'rollout: {weight-updates: now}' | rollout.weight-updates is now | [finish-then-swap,",
        "'run: {id: a b}' | run.id is a b | letters",
        "'learner: {address: here}' | learner.address is here | host:port",
        "'reward: {functions: answer}' | reward.functions in | a table of names and values",
        "'reward: {functions: {answer: [1]}}' | reward.functions in | a table of names and values",
        "'reward: {functions: {}}' | reward.functions is {} | at least one function",
        "'reward: {functions: {answer: much}}' | reward.functions.answer is 'much' | not a valid",
        "'reward: {functions: {answer: -1}}' | reward.functions.answer is -1.0 | 0 (logged only) or more",
        "'reward: {functions: {answer: 0}}' | reward.functions.answer is 0.0 | above 0",
        "'reward: {functions: {answer: 2}}' | reward.functions.answer is 2.0 | drpo learns from right and wrong alone",
        "'reward: {functions: {answer: 1, format: 0.1}}' | reward.functions.format is 0.1 | must be 0, which logs",
        "'{objective: {name: disco}, reward: {functions: {answer: 1, format: 1}}}' | reward.functions.format is 1.0 | disco learns",
        "'{objective: {cut-after-answer: true}, reward: {functions: {remote: 1}, remote-address: \"j:1\"}}' | reward.functions is [remote] | objective.cut-after-answer needs",
        "'reward: {functions: {remote: 1}}' | reward.remote-address is '' | host:port",
        "'reward: {remote-address: here}' | reward.remote-address is 'here' | host:port",
        "'reward: {remote-deadline-millis: 0}' | reward.remote-deadline-millis is 0 | between 1 and 120000",
        "'reward: {conventions: {require-think: false}}' | reward.conventions.require-think | set reward.require-think",
        "'preset: fast' | preset is fast | quickstart",
        "'{' | line 1 | not valid YAML",
        "'- 1' | must hold keys and values | array",
      })
  void refusesWithTheKeyTheValueAndWhatIsAllowed(String yaml, String subject, String expectation)
      throws IOException {
    Path file = write(yaml);
    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(subject)
        .hasMessageContaining(expectation);
  }

  @Test
  void aServiceHasOneDeviceOfTheList() throws IOException {
    Map<String, String> two =
        Map.of("rollout.devices", "cuda:1,cuda:3", "rollout.compute", "bfloat16");
    RolloutConfig rollout = ConfigLoader.load(null, Map.of(), two).rollout();
    assertThat(rollout.gpus()).containsExactly(1, 3);
    assertThat(rollout.onCpu()).isFalse();
    assertThat(rollout.onAnyGpus()).isFalse();
    assertThatThrownBy(rollout::device)
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "rollout.devices is cuda:1,cuda:3", "exactly one", "DRPO_ROLLOUT_DEVICES=cuda:0");
    Path file = write("rollout: {devices: 'cuda:1,cuda:3', compute: bfloat16}");
    assertThat(
            ConfigLoader.load(file, Map.of("DRPO_ROLLOUT_DEVICES", "cuda:3"), Map.of())
                .rollout()
                .device())
        .isEqualTo("cuda:3");
    assertThat(ConfigLoader.load(null, Map.of(), Map.of()).rollout().device()).isEqualTo("cpu");
  }

  @Test
  void someKeysAreWrittenWithThePresetThatHasTheOthers() throws IOException {
    RunConfig config =
        ConfigLoader.load(
            null,
            Map.of("DRPO_PRESET", "quickstart"),
            Map.of("run.id", "mine", "reward.functions", "answer:1,format:0"));

    String yaml =
        ConfigLoader.toYaml(
            config,
            Optional.of("quickstart"),
            Set.of("run.id", "reward.functions", "objective.lambda", "no.key"));

    assertThat(ConfigLoader.load(write(yaml), Map.of(), Map.of())).isEqualTo(config);
    assertThat(ConfigLoader.given(write(yaml), Map.of(), Map.of()))
        .isEqualTo(
            new GivenKeys(
                Optional.of("quickstart"),
                Set.of("run.id", "reward.functions", "objective.lambda")));
  }

  @Test
  void whatTheUserSaysIsToldFromDefaultsAndPresets() throws IOException {
    Path file = write("preset: quickstart\nobjective: {lambda: 0.1}\nrun: {id: mine}");
    GivenKeys given =
        ConfigLoader.given(
            file,
            Map.of("DRPO_TRAINING_STEPS", "1000", "DRPO_PRESET", "drpo-7b-8k", "PATH", "/bin"),
            Map.of("run.seed", "0"));

    assertThat(given.preset()).contains("quickstart");
    assertThat(given.keys())
        .containsExactlyInAnyOrder("objective.lambda", "run.id", "training.steps", "run.seed");
    assertThat(given.has("sampling.temperature")).isFalse();
    assertThat(ConfigLoader.given(null, Map.of(), Map.of()))
        .isEqualTo(new GivenKeys(Optional.empty(), Set.of()));
    Path wrong = write("objective: {lamda: 1}");
    assertThatThrownBy(() -> ConfigLoader.given(wrong, Map.of(), Map.of()))
        .hasMessageContaining("objective.lambda?");
  }

  @Test
  void refusesUnknownVariablesAndOverridesAndMissingFiles() {
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of("DRPO_OBJECTIVE_LAMDA", "1"), Map.of()))
        .hasMessageContaining("DRPO_OBJECTIVE_LAMDA")
        .hasMessageContaining("DRPO_OBJECTIVE_LAMBDA?");
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), Map.of("training.step", "1")))
        .hasMessageContaining("training.steps?");
    assertThatThrownBy(() -> ConfigLoader.load(folder.resolve("no.yaml"), Map.of(), Map.of()))
        .hasMessageContaining("no.yaml does not exist");
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("run.yaml"), yaml);
  }
}
