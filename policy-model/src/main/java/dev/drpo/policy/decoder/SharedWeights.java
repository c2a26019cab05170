package dev.drpo.policy.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.engine.ScriptModule;
import java.util.List;

/** The weights that a decoder and its twins compute with, and their panels, which follow them. */
final class SharedWeights {
  private final List<NDArray> tensors;
  private final PolicyLayout layout;
  private final NDManager manager;
  private final ScriptModule script;
  private Panels panels;
  private boolean current;

  /**
   * Has no panels yet.
   *
   * @param manager owns the weights, and the panels too
   * @param script of the decoder that owns the weights
   */
  SharedWeights(
      List<NDArray> tensors, PolicyLayout layout, NDManager manager, ScriptModule script) {
    this.tensors = tensors;
    this.layout = layout;
    this.manager = manager;
    this.script = script;
  }

  List<NDArray> tensors() {
    return tensors;
  }

  /** Panels of what the weights are now; made here if nobody has asked since the last change. */
  synchronized Panels panels() {
    if (panels == null) {
      panels = Panels.allocate(layout, manager);
    }
    if (!current) {
      panels.fill(tensors, script);
      current = true;
    }
    return panels;
  }

  /** The weights were overwritten. */
  synchronized void changed() {
    current = false;
  }
}
