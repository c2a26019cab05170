package dev.drpo.planning;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kind of processor, by its data sheet.
 *
 * @param name for people
 * @param bytes of memory
 * @param flops operations a second in dense matrix products: in bfloat16 on a GPU, in fp32 on a CPU
 * @param bytesPerSecond of its memory
 */
public record Card(String name, long bytes, double flops, double bytesPerSecond) {
  private static final double TERA = 1e12;
  private static final long GIGABYTE = 1_000_000_000L;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,4})GB");

  /** Sizes are the nominal ones, in units of 10^9 bytes, of which every card has some more. */
  private static final List<Card> KNOWN =
      List.of(
          card("H200", 141, 989, 4.8),
          card("H100", 80, 989, 3.35),
          card("A100-80GB", 80, 312, 2.04),
          card("L40S", 48, 362, 0.864),
          card("A100-40GB", 40, 312, 1.555),
          card("A10", 24, 125, 0.6),
          card("L4", 24, 121, 0.3));

  /** Of cards that are known by their memory alone, the slowest of that memory stands for all. */
  private static final List<String> BY_SIZE = List.of("H200", "A100-80GB", "L40S", "A100-40GB");

  /** fp32 products of a core with vector instructions, by measurement of such a machine. */
  private static final double FLOPS_OF_CORE = 0.09 * TERA;

  private static final double BYTES_PER_SECOND_OF_CORE = 16e9;

  private static Card card(String name, long gigabytes, double teraflops, double terabytes) {
    return new Card(name, gigabytes * GIGABYTE, teraflops * TERA, terabytes * TERA);
  }

  /**
   * A GPU of a name such as {@code H100}, or of a memory such as {@code 80GB}; of neither, none.
   */
  public static Optional<Card> of(String text) {
    String word = text.toUpperCase(Locale.ROOT);
    Matcher size = SIZE.matcher(word);
    return size.matches()
        ? Optional.of(ofBytes(Long.parseLong(size.group(1)) * GIGABYTE))
        : KNOWN.stream().filter(it -> it.name.toUpperCase(Locale.ROOT).equals(word)).findFirst();
  }

  /** A GPU with so much memory, as fast as the card that it stands for. */
  public static Card ofBytes(long bytes) {
    Card like =
        BY_SIZE.stream()
            .map(Card::known)
            .filter(it -> it.bytes <= bytes)
            .findFirst()
            .orElse(known("L4"));
    return new Card(
        bytes / GIGABYTE + " GB (as fast as " + like.name + ")",
        bytes,
        like.flops,
        like.bytesPerSecond);
  }

  private static Card known(String name) {
    return KNOWN.stream().filter(it -> it.name.equals(name)).findFirst().orElseThrow();
  }

  /** The processors of a machine as one. */
  public static Card cpu(int processors, long bytes) {
    return new Card(
        processors + " CPU cores",
        bytes,
        processors * FLOPS_OF_CORE,
        processors * BYTES_PER_SECOND_OF_CORE);
  }

  /** The names that are known, for people. */
  public static String names() {
    return KNOWN.stream().map(Card::name).collect(Collectors.joining(", "));
  }
}
