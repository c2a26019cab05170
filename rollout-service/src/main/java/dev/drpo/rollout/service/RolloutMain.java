package dev.drpo.rollout.service;

import dev.drpo.service.ServiceMain;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the rollout service. */
@QuarkusMain
public final class RolloutMain {
  private RolloutMain() {}

  public static void main(String[] arguments) {
    ServiceMain.run("rollout-service", arguments);
  }
}
