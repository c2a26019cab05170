package dev.drpo.policy.engine;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The build of libtorch that this program uses, found without loading it.
 *
 * @param version of libtorch, such as 2.7.1
 * @param flavor what it was built for: cpu, or cu and the digits of a version of CUDA
 * @param source the folder that it is loaded from, as the environment names it; empty where it
 *     comes with this program
 */
public record TensorLibrary(String version, String flavor, Optional<Path> source) {
  private static final String PROPERTIES = "/native/lib/pytorch.properties";
  private static final String ENGINE = "pytorch";

  /**
   * What the environment names, else what lies on the class path.
   *
   * @return empty if there is none: the library is downloaded then, where that can be
   */
  public static Optional<TensorLibrary> find(Map<String, String> environment) {
    String path = environment.get("PYTORCH_LIBRARY_PATH");
    if (path != null) {
      return Optional.of(
          new TensorLibrary(
              environment.getOrDefault("PYTORCH_VERSION", "of unknown version"),
              environment.getOrDefault("PYTORCH_FLAVOR", "of unknown flavor"),
              Optional.of(Path.of(path))));
    }
    try (InputStream stream = TensorLibrary.class.getResourceAsStream(PROPERTIES)) {
      if (stream == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(stream);
      return Optional.of(
          new TensorLibrary(
              // The build's date stands behind the version.
              properties.getProperty("version", "").replaceFirst("-.*", ""),
              properties.getProperty("flavor", ""),
              Optional.empty()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it can compute on GPUs. */
  public boolean isForCuda() {
    return flavor.startsWith("cu");
  }

  /** Where libraries that come with this program are unpacked to. */
  public static Path unpackFolder() {
    return Utils.getEngineCacheDir(ENGINE);
  }

  /**
   * Loads it.
   *
   * @return the version that the library tells of itself
   * @throws TensorLibraryException if it does not load
   */
  public static String load() {
    TensorEngine.prepareThread();
    return Engine.getEngine("PyTorch").getVersion();
  }
}
