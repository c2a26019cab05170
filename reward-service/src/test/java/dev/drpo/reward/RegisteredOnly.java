package dev.drpo.reward;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Finds what the service is packaged with. Of the classes of Kafka's client and its codecs, it
 * gives to those who ask for a name only what is registered for a native binary; what code names as
 * it is compiled, the builder of a binary finds itself.
 */
final class RegisteredOnly extends URLClassLoader {
  private static final List<String> WATCHED =
      List.of("org.apache.kafka.", "net.jpountz.", "com.github.luben.", "org.xerial.");

  /** Asks for extensions of protobuf that it does without. */
  private static final String SHADED = "org.apache.kafka.shaded.";

  /** What asks this loader itself; others ask by {@link Class#forName}. */
  private static final Set<String> ASKING =
      Set.of(
          "java.lang.Class",
          "org.apache.kafka.common.utils.Utils",
          "net.jpountz.lz4.LZ4Factory",
          "net.jpountz.xxhash.XXHashFactory");

  private final Set<String> registered;
  private final Queue<String> given = new ConcurrentLinkedQueue<>();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();

  RegisteredOnly(Set<String> registered) throws IOException {
    super(PackagedLibraries.urls(), ClassLoader.getPlatformClassLoader());
    this.registered = registered;
  }

  @Override
  public Class<?> loadClass(String name) throws ClassNotFoundException {
    boolean watched = WATCHED.stream().anyMatch(name::startsWith) && !name.startsWith(SHADED);
    if (watched && isAskedByName()) {
      if (!registered.contains(name)) {
        refused.add(name);
        throw new ClassNotFoundException(name + " is not registered");
      }
      given.add(name);
    }
    return super.loadClass(name);
  }

  private static boolean isAskedByName() {
    Optional<String> caller =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .filter(it -> !it.getClassName().equals(RegisteredOnly.class.getName()))
                        .filter(it -> !it.getClassName().equals(ClassLoader.class.getName()))
                        .findFirst()
                        .map(it -> it.getClassName() + "." + it.getMethodName()));
    return caller
        .filter(it -> ASKING.contains(it.substring(0, it.lastIndexOf('.'))))
        .filter(it -> it.matches(".*\\.(forName0?|loadClass|classInstance)"))
        .isPresent();
  }

  /** A class of the tests, loaded here so that it uses what this loader finds. */
  Class<?> adopt(Class<?> type) {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      byte[] bytes = in.readAllBytes();
      return defineClass(type.getName(), bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Queue<String> given() {
    return given;
  }

  Queue<String> refused() {
    return refused;
  }
}
