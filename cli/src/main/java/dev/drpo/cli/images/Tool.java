package dev.drpo.cli.images;

import dev.drpo.cli.exit.UsageError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What builds images, in the order in which they are tried. */
enum Tool {
  DOCKER("build"),
  PODMAN("build"),
  // Layers are kept, as the others do by themselves: the next image of ours begins with the same
  // ones.
  BUILDAH("bud --layers");

  private final String build;

  Tool(String build) {
    this.build = build;
  }

  /**
   * The one that is wanted, or else the first that works.
   *
   * @throws UsageError if it does not work, or none does
   */
  static Tool choose(Optional<Tool> wanted, Programs programs) throws InterruptedException {
    List<Tool> candidates = wanted.map(List::of).orElseGet(() -> Arrays.asList(values()));
    List<String> reasons = new ArrayList<>();
    for (Tool tool : candidates) {
      Optional<String> obstacle = tool.obstacle(programs);
      if (obstacle.isEmpty()) {
        return tool;
      }
      reasons.add(obstacle.get());
    }
    throw new UsageError(
        "nothing here builds images: "
            + String.join("; ", reasons)
            + ". Install one of them, for example with 'apt install buildah'");
  }

  private Optional<String> obstacle(Programs programs) throws InterruptedException {
    if (!programs.has(program())) {
      return Optional.of("there is no " + program());
    }
    // A client without its engine answers to --version all the same.
    return programs.succeeds(command("info"))
        ? Optional.empty()
        : Optional.of("'" + program() + " info' fails, so that it does not work here");
  }

  String program() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<String> command(String... arguments) {
    return Stream.concat(Stream.of(program()), Stream.of(arguments)).toList();
  }

  /** The command that builds an image. */
  List<String> build(Build from, Image image) {
    List<String> command = new ArrayList<>(List.of(program()));
    command.addAll(List.of(build.split(" ")));
    command.addAll(List.of("--build-arg", "SERVICE=" + image.service()));
    image.base().ifPresent(it -> command.addAll(List.of("--build-arg", "BASE=" + it)));
    from.jdk().ifPresent(it -> command.addAll(List.of("--build-arg", "JDK=" + it)));
    command.addAll(List.of("-t", image.name(), "-f", from.root().resolve("Dockerfile").toString()));
    command.add(from.root().toString());
    return command;
  }

  /** The layers of an image that it has built, from the lowest on. */
  List<Layer> layers(Programs programs, Image image) throws InterruptedException {
    return this == BUILDAH
        ? Layer.ofInspection(programs.output(command("inspect", "--type", "image", image.name())))
        : Layer.ofHistory(
            programs.output(
                command(
                    "history",
                    "--no-trunc",
                    "--human=false",
                    "--format",
                    "{{.Size}}\t{{.CreatedBy}}",
                    image.name())));
  }
}
