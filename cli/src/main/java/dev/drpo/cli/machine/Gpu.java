package dev.drpo.cli.machine;

/**
 * A GPU of this machine, when it was asked about.
 *
 * @param index what a process started from here calls it: N of {@code cuda:N}
 * @param name the product's
 * @param totalBytes memory of the card
 * @param freeBytes memory that no process holds
 * @param driver version of the driver
 */
public record Gpu(int index, String name, long totalBytes, long freeBytes, String driver) {
  /** What configurations and options call it. */
  public String device() {
    return "cuda:" + index;
  }
}
