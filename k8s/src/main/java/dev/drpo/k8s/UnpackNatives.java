package dev.drpo.k8s;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Takes the tensor library out of an application's jars while its image is built, so that no pod
 * unpacks it, and the image does not hold it twice. The Dockerfile runs this file as it is:
 *
 * <pre>java UnpackNatives.java APPLICATION/lib FOLDER IN_IMAGE</pre>
 *
 * <p>What is left of the library's jar is its description, which the engine reads. {@code
 * FOLDER/java.options} has the options by which the engine finds the library at {@code IN_IMAGE}.
 * It is empty for an application without the library.
 */
public final class UnpackNatives {
  private static final String PLATFORM = "linux-x86_64";
  private static final Pattern LIBRARY = Pattern.compile("ai\\.djl\\.pytorch\\.pytorch-native-.*");
  private static final Pattern BINDING =
      Pattern.compile("ai\\.djl\\.pytorch\\.pytorch-jni-[^-]+-(.+)\\.jar");
  private static final String DESCRIPTION = "native/lib/pytorch.properties";

  private UnpackNatives() {}

  /** The arguments are the folder of jars, the one to unpack to, and its path in the image. */
  public static void main(String[] arguments) throws IOException {
    unpack(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
  }

  /**
   * Unpacks.
   *
   * @throws IOException if a jar can't be read, or the binding has no part for the library's flavor
   */
  static void unpack(Path application, Path folder, String inImage) throws IOException {
    Files.createDirectories(folder);
    Optional<Path> library = jar(application, LIBRARY);
    if (library.isEmpty()) {
      Files.writeString(folder.resolve("java.options"), "");
      return;
    }
    Properties description = description(library.get());
    String flavor = description.getProperty("flavor");
    String from = "pytorch/%s/%s/".formatted(flavor, PLATFORM);
    try (JarFile jar = new JarFile(library.get().toFile())) {
      for (JarEntry entry : entries(jar)) {
        if (entry.getName().startsWith(from)) {
          copy(jar, entry, folder.resolve(name(entry).replaceFirst("\\.gz$", "")));
        }
      }
    }
    keepDescription(library.get());
    unpackBinding(application, folder, flavor);
    Files.writeString(
        folder.resolve("java.options"),
        """
        -DPYTORCH_LIBRARY_PATH=%s
        -DPYTORCH_VERSION=%s
        -DPYTORCH_FLAVOR=%s
        """
            .formatted(
                inImage, description.getProperty("version").replaceFirst("-.*", ""), flavor));
    System.out.printf(
        Locale.ROOT,
        "unpacked %s: %,d MB%n",
        library.get().getFileName(),
        size(folder) / 1_000_000);
  }

  private static void unpackBinding(Path application, Path folder, String flavor)
      throws IOException {
    Path binding =
        jar(application, BINDING)
            .orElseThrow(() -> new IOException("no pytorch-jni beside the library"));
    Matcher version = BINDING.matcher(binding.getFileName().toString());
    if (!version.matches()) {
      throw new IllegalStateException(binding + " was found by its name");
    }
    String name = "jnilib/%s/%s/libdjl_torch.so".formatted(PLATFORM, flavor);
    try (JarFile jar = new JarFile(binding.toFile())) {
      JarEntry entry = jar.getJarEntry(name);
      if (entry == null) {
        throw new IOException(binding.getFileName() + " has no " + name);
      }
      copy(jar, entry, folder.resolve(version.group(1) + "-libdjl_torch.so"));
    }
  }

  private static Optional<Path> jar(Path folder, Pattern name) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(it -> name.matcher(it.getFileName().toString()).matches()).findFirst();
    }
  }

  private static Properties description(Path library) throws IOException {
    try (JarFile jar = new JarFile(library.toFile());
        InputStream in = jar.getInputStream(jar.getJarEntry(DESCRIPTION))) {
      Properties properties = new Properties();
      properties.load(in);
      return properties;
    }
  }

  private static void keepDescription(Path library) throws IOException {
    Path small = library.resolveSibling("small.jar");
    try (JarFile jar = new JarFile(library.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(small));
        InputStream in = jar.getInputStream(jar.getJarEntry(DESCRIPTION))) {
      JarEntry kept = new JarEntry(DESCRIPTION);
      kept.setTime(jar.getJarEntry(DESCRIPTION).getTime());
      out.putNextEntry(kept);
      in.transferTo(out);
      out.closeEntry();
    }
    Files.move(small, library, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<JarEntry> entries(JarFile jar) {
    return jar.stream().filter(it -> !it.isDirectory()).toList();
  }

  private static String name(JarEntry entry) {
    return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
  }

  private static void copy(JarFile jar, JarEntry entry, Path to) throws IOException {
    try (InputStream in = jar.getInputStream(entry);
        InputStream plain = entry.getName().endsWith(".gz") ? new GZIPInputStream(in) : in;
        OutputStream out = Files.newOutputStream(to)) {
      plain.transferTo(out);
    }
  }

  private static long size(Path folder) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
