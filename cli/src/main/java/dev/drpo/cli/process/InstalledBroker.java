package dev.drpo.cli.process;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.cli.process.ServiceSpec.OnDeath;
import dev.drpo.runtime.process.JavaCommand;
import dev.drpo.runtime.process.ParentWatch;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The broker as the build leaves it, in a process of its own that ends with this one. */
public final class InstalledBroker {
  private static final int HEAP_MEGABYTES = 384;

  /** A run has little to send: compiling the broker well costs more than it saves. */
  private static final List<String> TUNING = List.of("-XX:TieredStopAtLevel=1");

  private final Path root;
  private final Path jar;

  private InstalledBroker(Path root, Path jar) {
    this.root = root;
    this.jar = jar;
  }

  /**
   * The broker built under a repository.
   *
   * @throws UsageError if it is not built
   */
  public static InstalledBroker under(Path root) {
    Path folder = root.resolve("broker/target");
    if (!Files.isDirectory(folder)) {
      throw notBuilt(folder);
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "broker-*.jar")) {
      Iterator<Path> found = jars.iterator();
      if (!found.hasNext()) {
        throw notBuilt(folder.resolve("broker-*.jar"));
      }
      return new InstalledBroker(root, found.next());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How to start it on a free port. It announces its address with a {@link ReadyLine}.
   *
   * @param data folder of its records
   * @param log file of its output
   * @param inherited environment
   */
  public ServiceSpec spec(Path data, Path log, Map<String, String> inherited) {
    return spec(data, log, 0, inherited);
  }

  /**
   * How to start it on a given port.
   *
   * @param port 0 takes a free one
   */
  public ServiceSpec spec(Path data, Path log, int port, Map<String, String> inherited) {
    String classPath =
        String.join(
            File.pathSeparator,
            jar.toString(),
            root.resolve("broker/target/lib").resolve("*").toString(),
            runtimeClasses().toString());
    List<String> program =
        List.of(
            "-cp",
            classPath,
            ParentWatch.class.getName(),
            "dev.drpo.broker.BrokerMain",
            "--log-dir",
            data.toString(),
            "--port",
            String.valueOf(port));
    Map<String, String> environment = new HashMap<>(inherited);
    environment.put(ParentWatch.PARENT_VARIABLE, String.valueOf(ProcessHandle.current().pid()));
    Launch launch =
        new Launch(new JavaCommand(HEAP_MEGABYTES, TUNING, program).words(), environment);
    return new ServiceSpec("broker", log, _ -> launch, new ReadyLine(), OnDeath.FAIL);
  }

  /** Where the broker's process finds {@link ParentWatch}. */
  private static Path runtimeClasses() {
    try {
      return Path.of(ParentWatch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static UsageError notBuilt(Path artifact) {
    return new UsageError(
        artifact + " is missing; call ./drpo at the top of the repository, which builds it");
  }
}
