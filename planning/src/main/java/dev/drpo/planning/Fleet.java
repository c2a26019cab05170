package dev.drpo.planning;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The devices of a run: nodes that are alike.
 *
 * @param nodes machines
 * @param gpus of each node; none for its CPU
 * @param card each GPU, or the CPU as a whole
 */
public record Fleet(int nodes, int gpus, Card card) {
  private static final Pattern GPUS = Pattern.compile("(\\d{1,2})[xX](.+)");

  /** One machine without a GPU. */
  public static Fleet cpu(Card cpu) {
    return new Fleet(1, 0, cpu);
  }

  /**
   * GPUs as {@code 8x80GB} or {@code 4xH100}.
   *
   * @throws UnplannableException if the text names none
   */
  public static Fleet parse(String text, int nodes) {
    Matcher matcher = GPUS.matcher(text);
    if (!matcher.matches() || matcher.group(1).matches("0+")) {
      throw unknown(text);
    }
    if (nodes < 1) {
      throw new UnplannableException("--nodes is " + nodes + "; it must be 1 or more");
    }
    return new Fleet(
        nodes,
        Integer.parseInt(matcher.group(1)),
        Card.of(matcher.group(2)).orElseThrow(() -> unknown(text)));
  }

  private static UnplannableException unknown(String text) {
    return new UnplannableException(
        "--gpus is "
            + text
            + "; it must be cpu, or how many GPUs a node has and which: by their memory, as in"
            + " 8x80GB, or by their name, as in 8xH100 (known: "
            + Card.names()
            + ")");
  }

  public boolean isCpu() {
    return gpus == 0;
  }

  /** GPUs of all nodes. */
  public int allGpus() {
    return nodes * gpus;
  }

  @Override
  public String toString() {
    String node = isCpu() ? card.name() : gpus + " x " + card.name();
    return nodes == 1 ? node : nodes + " nodes of " + node;
  }
}
