package dev.drpo.policy.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.lang.management.MemoryUsage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Entry to the tensor engine: managers and the settings that are per process or per thread. */
public final class TensorEngine {
  private static final String NAME = "PyTorch";
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda(?::(\\d{1,3}))?");

  private TensorEngine() {}

  /** A root manager on the CPU. Everything attached to it lives until it is closed. */
  public static NDManager newManager() {
    return newManager(Device.cpu());
  }

  /**
   * A root manager on a device. Everything attached to it lives until it is closed.
   *
   * @throws TensorLibraryException if the tensor library does not load, as any method here
   */
  public static NDManager newManager(Device device) {
    return engine().newBaseManager(device);
  }

  private static Engine engine() {
    try {
      return Engine.getEngine(NAME);
    } catch (EngineException e) {
      throw new TensorLibraryException(e);
    }
  }

  /**
   * The device of a name.
   *
   * @param name cpu, cuda, or cuda:N for the N-th GPU that this process sees, from 0 on
   * @throws IllegalArgumentException if the name is none of these, or there is no such GPU here
   */
  public static Device device(String name) {
    Matcher matcher = DEVICE.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("it must be cpu, cuda or cuda:N");
    }
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    int index = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
    int count = engine().getGpuCount();
    if (index >= count) {
      throw new IllegalArgumentException(
          "this process sees %d GPUs that its tensor library can use; give it one, with a library built for it, or use cpu"
              .formatted(count));
    }
    return Device.gpu(index);
  }

  /** The name that {@link #device} takes for a device. */
  public static String name(Device device) {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /** Bytes of a device's memory that are free, or on the CPU, that this process may still take. */
  public static long availableBytes(Device device) {
    if (!device.isGpu()) {
      return MachineMemory.available();
    }
    MemoryUsage usage = CudaUtils.getGpuMemory(device);
    return usage.getMax() - usage.getCommitted();
  }

  /** Threads that one operation may use, for the whole process. */
  public static void setThreads(int threads) {
    var _ = engine();
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
  }

  /** Threads that one operation may use. */
  public static int threads() {
    var _ = engine();
    return JniUtils.getNumThreads();
  }

  /**
   * Prepares the calling thread. The graph executor's optimisation specialises code on the shapes
   * it saw, and every step has new shapes, so it is off.
   */
  public static void prepareThread() {
    var _ = engine();
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(false);
  }
}
