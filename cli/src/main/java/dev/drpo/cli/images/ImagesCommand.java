package dev.drpo.cli.images;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo images}: the services as container images. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = {
      "Build the images of the three services, with docker, podman or buildah, and list their layers"
          + " and sizes.",
      "They hold what is built at the time: with DRPO_BUILD=cuda, learner and rollout are for GPUs, and"
          + " their tags end with -cuda. See docs/kubernetes.md."
    },
    footer = {
      "",
      "Exit codes: 0 built, 1 the tool failed, 2 no tool, or wrong options, 130 interrupted."
    })
public final class ImagesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "Tag of the images (default: the project's version, as in the manifests).")
  private String tag;

  @Option(
      names = "--push",
      paramLabel = "REGISTRY",
      description = "Push them to REGISTRY/drpo/SERVICE-service, where you are logged in.")
  private String registry;

  @Option(
      names = "--with",
      paramLabel = "TOOL",
      description = "docker, podman or buildah (default: the first of them that works).")
  private Tool tool;

  @Option(
      names = "--base",
      paramLabel = "IMAGE",
      description =
          "What the images stand on (default: Debian, or NVIDIA's with the runtime of CUDA).")
  private String base;

  @Option(
      names = "--jdk",
      paramLabel = "IMAGE",
      description = "JDK that the Java runtime is cut from (default: Temurin's).")
  private String jdk;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Programs programs = new Programs(err);
    Tool chosen = Tool.choose(Optional.ofNullable(tool), programs);
    Build build =
        new Build(
            Path.of(System.getProperty("drpo.root", "")).toAbsolutePath(),
            tag(),
            Optional.ofNullable(base),
            Optional.ofNullable(jdk));
    try {
      for (Image image : build.images()) {
        err.println("drpo: building " + image.name() + " with " + chosen.program());
        programs.run(chosen.build(build, image));
        LayerTable.lines(image, chosen.layers(programs, image)).forEach(out::println);
        out.flush();
        if (registry != null) {
          String remote = registry + "/" + image.path();
          programs.run(chosen.command("tag", image.name(), remote));
          programs.run(chosen.command("push", remote));
          out.println("pushed " + remote);
        }
      }
      return ExitCode.OK;
    } catch (ProgramFailure e) {
      err.println("drpo: " + e.getMessage());
      return ExitCode.FAILED;
    } finally {
      out.flush();
    }
  }

  private String tag() {
    String version = ImagesCommand.class.getPackage().getImplementationVersion();
    String chosen = tag == null ? version : tag;
    if (chosen == null || !chosen.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,121}")) {
      throw new UsageError(
          "--tag is %s; it must be up to 122 letters, digits, '_', '.' or '-', and begin with none of the last two"
              .formatted(chosen));
    }
    return chosen;
  }
}
