package dev.drpo.runtime.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command line that runs a Java program on the same JDK as this process.
 *
 * @param heapMegabytes limit of the heap; what native code allocates comes on top
 * @param tuning options of the virtual machine that this program needs beyond those of all
 * @param program {@code -jar file} or {@code -cp path Main}, then its arguments
 */
public record JavaCommand(int heapMegabytes, List<String> tuning, List<String> program) {
  public JavaCommand {
    tuning = List.copyOf(tuning);
    program = List.copyOf(program);
  }

  /** A program that needs nothing special. */
  public JavaCommand(int heapMegabytes, List<String> program) {
    this(heapMegabytes, List.of(), program);
  }

  /** The words of the command. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-Xmx" + heapMegabytes + "m");
    // Heaps are small and cores few: one collector thread beats several.
    words.add("-XX:+UseSerialGC");
    words.add("-XX:+ExitOnOutOfMemoryError");
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("--sun-misc-unsafe-memory-access=allow");
    words.add("-Djava.awt.headless=true");
    words.addAll(tuning);
    words.addAll(program);
    return words;
  }
}
