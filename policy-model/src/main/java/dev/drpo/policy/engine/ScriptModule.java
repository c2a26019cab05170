package dev.drpo.policy.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;

/**
 * A loaded TorchScript module, whose methods are called outside inference mode, so that their
 * results take part in autograd and in-place updates.
 *
 * <p>A module's attributes are shared mutable state: one thread at a time may call it. Arguments
 * are {@link NDArray}s, lists of them, {@link Long}s, arrays of them, {@link Double}s and {@link
 * Boolean}s.
 */
public final class ScriptModule implements AutoCloseable {
  /** Reaches the native call that DJL wraps in inference mode only. */
  private static final MethodHandle RUN;

  private static final MethodHandle NEW_VALUE;

  static {
    try {
      MethodHandles.Lookup djl =
          MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup());
      Class<?> library = djl.findClass("ai.djl.pytorch.jni.PyTorchLibrary");
      Object instance = djl.findStaticGetter(library, "LIB", library).invoke();
      RUN =
          djl.findVirtual(
                  library,
                  "moduleRunMethod",
                  MethodType.methodType(
                      long.class,
                      long.class,
                      String.class,
                      long[].class,
                      boolean.class,
                      boolean.class))
              .bindTo(instance);
      NEW_VALUE = djl.findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PtSymbolBlock block;
  private final boolean autograd;

  private ScriptModule(PtSymbolBlock block, boolean autograd) {
    this.block = block;
    this.autograd = autograd;
  }

  /** Loads an archive onto the manager's device; the module lives until it is closed. */
  public static ScriptModule load(NDManager manager, byte[] archive) {
    try {
      return new ScriptModule(
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false),
          true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same module, called in inference mode: an operation costs less, and its results take no
   * part in autograd, ever. What is called so must only edit in place what such calls made. Closed
   * with this one.
   */
  public ScriptModule inInferenceMode() {
    return new ScriptModule(block, false);
  }

  /** Calls a method that returns tensors (one, a list or a tuple); they attach to the manager. */
  public List<NDArray> tensors(NDManager manager, String method, Object... arguments) {
    try (IValue result = call(method, arguments)) {
      return List.copyOf(result.toNDList((PtNDManager) manager));
    }
  }

  /** Calls a method that returns one tensor, which attaches to the manager. */
  public NDArray tensor(NDManager manager, String method, Object... arguments) {
    try (IValue result = call(method, arguments)) {
      return result.toTensor((PtNDManager) manager);
    }
  }

  /** Calls a method that returns a float. */
  public double real(String method, Object... arguments) {
    try (IValue result = call(method, arguments)) {
      return result.toDouble();
    }
  }

  /** Calls a method for its effect. */
  public void run(String method, Object... arguments) {
    call(method, arguments).close();
  }

  private IValue call(String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = value(arguments[i]);
      }
      long[] handles = Arrays.stream(values).mapToLong(IValue::getHandle).toArray();
      long result =
          (long) RUN.invokeExact(block.getHandle().longValue(), method, handles, autograd, false);
      return (IValue) NEW_VALUE.invoke(result);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      // An IValue has no finaliser: whatever happens, it is released here.
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue value(Object argument) {
    return switch (argument) {
      case PtNDArray array -> IValue.from(array);
      case Long number -> IValue.from(number.longValue());
      case long[] numbers -> IValue.listFrom(numbers);
      case Double number -> IValue.from(number.doubleValue());
      case Boolean flag -> IValue.from(flag.booleanValue());
      case List<?> arrays -> IValue.listFrom(arrays.toArray(PtNDArray[]::new));
      default ->
          throw new IllegalArgumentException(
              "a script takes tensors, lists of them, long, long[], double and boolean, not "
                  + argument.getClass());
    };
  }

  @Override
  public void close() {
    block.close();
  }
}
