package dev.drpo.policy.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** Entry to the tensor engine: managers and the settings that are per process or per thread. */
public final class TensorEngine {
  private static final String NAME = "PyTorch";

  private TensorEngine() {}

  /** A root manager on the CPU. Everything attached to it lives until it is closed. */
  public static NDManager newManager() {
    return NDManager.newBaseManager(Device.cpu(), NAME);
  }

  /** Threads that one operation may use, for the whole process. */
  public static void setThreads(int threads) {
    Engine.getEngine(NAME);
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
  }

  /**
   * Prepares the calling thread. The graph executor's optimisation specialises code on the shapes
   * it saw, and every step has new shapes, so it is off.
   */
  public static void prepareThread() {
    Engine.getEngine(NAME);
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(false);
  }
}
