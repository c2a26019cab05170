package dev.drpo.cli.machine;

import dev.drpo.cli.exit.UsageError;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Asks {@code nvidia-smi}, which comes with the driver, for the GPUs of this machine. No library of
 * CUDA is needed, and no memory of a card is taken.
 *
 * <p>{@code nvidia-smi} counts all cards in the order of their places on the bus; CUDA counts those
 * that {@code CUDA_VISIBLE_DEVICES} lists, from 0 on, in the order of that list. The GPUs given
 * here are the latter. A list ends for CUDA at the first entry that names no card, so it does here.
 * Where cards differ, both orders agree only under {@code CUDA_DEVICE_ORDER=PCI_BUS_ID}; otherwise
 * CUDA puts the fastest first.
 */
public final class Gpus {
  private static final List<String> QUERY =
      List.of(
          "--query-gpu=index,name,memory.total,memory.free,driver_version,uuid",
          "--format=csv,noheader,nounits");
  private static final String NO_CARDS = "No devices were found";

  /** Such a line, of a card's damaged memory of settings, follows the cards. */
  private static final String WARNING = "WARNING:";

  private static final long MEBIBYTE = 1 << 20;
  private static final int FIELDS = 6;
  private static final int PATIENCE_SECONDS = 30;

  private final String program;
  private final Map<String, String> environment;

  /** The GPUs as {@code nvidia-smi} on the path knows them. */
  public Gpus() {
    this("nvidia-smi", System.getenv());
  }

  /**
   * The GPUs as another program tells them.
   *
   * @param program a path, or a name that is looked up in the environment's {@code PATH}
   * @param environment where {@code CUDA_VISIBLE_DEVICES} is looked up
   */
  public Gpus(String program, Map<String, String> environment) {
    this.program = program;
    this.environment = Map.copyOf(environment);
  }

  /** A card as the driver counts it. */
  private record Card(Gpu gpu, String identifier) {}

  /** Whether there is such a program: without one there is no driver, or it is incomplete. */
  public boolean canAsk() {
    Stream<Path> places =
        program.contains(File.separator)
            ? Stream.of(Path.of(program))
            : Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder).resolve(program));
    return places.anyMatch(Files::isExecutable);
  }

  /**
   * The GPUs that a process started from here would see, in its order. None where there is no such
   * program.
   *
   * @throws UsageError if the program fails or what it tells can't be read
   */
  public List<Gpu> list() {
    return canAsk() ? visible(cards(ask())) : List.of();
  }

  private String ask() {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(QUERY);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try {
        process.getOutputStream().close();
        // A few lines fit into the pipe, so that the program ends before they are read.
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw failure("gave no answer within " + PATIENCE_SECONDS + " s");
        }
        String told =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (told.startsWith(NO_CARDS)) {
          return "";
        }
        if (process.exitValue() != 0) {
          throw failure("ended with exit code " + process.exitValue() + ": " + told);
        }
        return told;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw failure("can't be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was interrupted");
    }
  }

  private UsageError failure(String what) {
    return new UsageError(
        "%s, which tells this machine's GPUs, %s; see that the driver is loaded and that %s runs by itself"
            .formatted(program, what, program));
  }

  private List<Card> cards(String told) {
    return told.lines()
        .filter(line -> !line.isBlank() && !line.startsWith(WARNING))
        .map(this::card)
        .toList();
  }

  private Card card(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != FIELDS) {
      throw unreadable(line, "it has %d fields, not %d".formatted(fields.length, FIELDS));
    }
    return new Card(
        new Gpu(
            (int) number("index", fields[0], line),
            fields[1].strip(),
            number("memory.total", fields[2], line) * MEBIBYTE,
            number("memory.free", fields[3], line) * MEBIBYTE,
            fields[4].strip()),
        fields[5].strip());
  }

  private long number(String field, String text, String line) {
    try {
      long value = Integer.parseInt(text.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw unreadable(line, "its %s is no number".formatted(field));
  }

  private UsageError unreadable(String line, String why) {
    return new UsageError(
        "%s %s told \"%s\", which can't be read: %s"
            .formatted(program, String.join(" ", QUERY), line.strip(), why));
  }

  private List<Gpu> visible(List<Card> cards) {
    String list = environment.get("CUDA_VISIBLE_DEVICES");
    if (list == null) {
      return numbered(cards);
    }
    List<Card> found = new ArrayList<>();
    for (String entry : list.split(",", -1)) {
      if (entry.strip().startsWith("MIG")) {
        throw new UsageError(
            "CUDA_VISIBLE_DEVICES is %s; %s tells nothing of a part of a card, so name whole cards, or unset it"
                .formatted(list, program));
      }
      List<Card> named = cards.stream().filter(card -> isNamed(card, entry.strip())).toList();
      // CUDA sees nothing from here on; of a card that is listed twice, nothing at all.
      if (named.size() != 1) {
        break;
      }
      if (found.contains(named.getFirst())) {
        return List.of();
      }
      found.add(named.getFirst());
    }
    return numbered(found);
  }

  private static boolean isNamed(Card card, String entry) {
    return entry.startsWith("GPU-")
        ? card.identifier().startsWith(entry)
        : entry.equals(Integer.toString(card.gpu().index()));
  }

  private static List<Gpu> numbered(List<Card> cards) {
    List<Gpu> gpus = new ArrayList<>();
    for (Card card : cards) {
      Gpu gpu = card.gpu();
      gpus.add(new Gpu(gpus.size(), gpu.name(), gpu.totalBytes(), gpu.freeBytes(), gpu.driver()));
    }
    return gpus;
  }
}
