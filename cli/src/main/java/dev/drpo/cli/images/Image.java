package dev.drpo.cli.images;

import java.util.Optional;

/**
 * An image to build.
 *
 * @param service reward, rollout or learner
 * @param base what it stands on, where that is not the Dockerfile's choice
 */
record Image(String service, String tag, Optional<String> base) {
  /**
   * Where a cluster looks for a name without a registry, so that an image loaded there is found.
   */
  private static final String NO_REGISTRY = "docker.io";

  /** Its name in a registry. */
  String path() {
    return "drpo/" + service + "-service:" + tag;
  }

  /** Its name on this machine. */
  String name() {
    return NO_REGISTRY + "/" + path();
  }
}
