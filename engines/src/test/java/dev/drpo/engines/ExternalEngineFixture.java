package dev.drpo.engines;

import dev.drpo.engines.ExternalEngineSettings.Server;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.Sampling;
import dev.drpo.generation.WeightUpdate;
import dev.drpo.generation.WeightUpdatePolicy;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine beside a server that speaks either protocol. */
abstract class ExternalEngineFixture {
  static final Deadlines QUICK =
      new Deadlines(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMillis(20),
          Duration.ofMillis(10),
          Duration.ofMinutes(2));
  static final int BUDGET = 24;

  @TempDir Path temp;
  PolicyFolder policy;
  PolicyVersion starting;
  FakeServer server;
  ExternalEngine engine;

  @BeforeEach
  void write() throws IOException {
    policy = TinyPolicy.write(temp.resolve("policy"), 1);
    starting = TinyPolicy.version(0, policy.weightsFile());
  }

  @AfterEach
  void stop() {
    if (engine != null) {
      engine.close();
    }
    if (server != null) {
      server.close();
    }
  }

  void start(Server kind, WeightUpdatePolicy updates) throws IOException {
    start(kind, updates, QUICK);
  }

  void start(Server kind, WeightUpdatePolicy updates, Deadlines deadlines) throws IOException {
    server =
        switch (kind) {
          case VLLM -> new FakeVllm(policy.path());
          case SGLANG -> new FakeSglang(policy.path());
        };
    engine =
        ExternalEngine.start(
            new ExternalEngineSettings(
                kind,
                server.address(),
                policy,
                starting,
                temp.resolve("engine"),
                ElementType.F32,
                Set.of(TinyPolicy.END),
                EngineLimits.of(8, 64, 64, TinyPolicy.CONFIG),
                updates,
                deadlines));
  }

  static GroupRequest request(int group, long requiredStep) {
    return new GroupRequest(
        new int[] {1, 2, 3}, new Sampling(0.6, 1, group, BUDGET, 5), 77, requiredStep);
  }

  List<SampledResponse> sample(GroupRequest request) throws Exception {
    return submit(request).get(2, TimeUnit.MINUTES).responses();
  }

  GroupSampling submit(GroupRequest request) {
    return engine.submit(request, ResponseListener.NONE);
  }

  PolicyVersion offer(long step, List<WeightUpdate> updates) throws IOException {
    Path file = TinyPolicy.weights(temp.resolve("step-" + step + ".safetensors"), 10 + step);
    PolicyVersion version = TinyPolicy.version(step, file);
    updates.add(engine.offer(version, file));
    return version;
  }
}
