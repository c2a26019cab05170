package dev.drpo.rollout.service;

import dev.drpo.testkit.BrokerResource;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A broker and a policy folder for the service under test. */
public final class ReplicaResource extends BrokerResource {
  static final String POLICY = "test.policy";

  @Override
  protected Map<String, String> write(Path folder) throws IOException {
    return Map.of(POLICY, policy(folder));
  }

  static String policy(Path folder) throws IOException {
    return TinyPolicy.write(folder.resolve("policy"), 1).path().toString();
  }
}
