package dev.drpo.cli.run;

import dev.drpo.cli.process.ServiceSpec;

/** The processes of a run. Addresses are {@code host:port}. */
public interface Services {
  /** Announces its address with a {@link dev.drpo.cli.process.ReadyLine}. */
  ServiceSpec broker();

  ServiceSpec reward(String broker);

  ServiceSpec learner(String broker);

  /**
   * One of the replicas that sample.
   *
   * @param replica counted from 1
   */
  ServiceSpec rollout(int replica, String broker, String learner);
}
