package dev.drpo.learner.service;

import dev.drpo.service.ServiceMain;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the learner. */
@QuarkusMain
public final class LearnerMain {
  private LearnerMain() {}

  public static void main(String[] arguments) {
    ServiceMain.run("learner-service", arguments);
  }
}
