package dev.drpo.reward;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The jars that the service is packaged with: no more, as a test's class path would have. */
final class PackagedLibraries {
  private static final Path FOLDER = Path.of("target", "quarkus-app");

  private PackagedLibraries() {}

  static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(it -> it.toString().endsWith(".jar"))
          .filter(it -> !it.startsWith(FOLDER.resolve("quarkus")))
          .sorted()
          .toList();
    }
  }

  /** For a loader that finds nothing else but the JDK. */
  static URL[] urls() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars()) {
      urls.add(jar.toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  /** Calls for every entry of some jars. */
  static void entries(Predicate<String> jars, BiConsumer<JarFile, JarEntry> consumer)
      throws IOException {
    for (Path path : jars()) {
      if (jars.test(path.getFileName().toString())) {
        try (JarFile jar = new JarFile(path.toFile())) {
          jar.stream()
              .filter(it -> !it.getName().startsWith("META-INF/versions/"))
              .forEach(it -> consumer.accept(jar, it));
        }
      }
    }
  }

  static ClassModel parse(JarFile jar, JarEntry entry) {
    try (InputStream in = jar.getInputStream(entry)) {
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
