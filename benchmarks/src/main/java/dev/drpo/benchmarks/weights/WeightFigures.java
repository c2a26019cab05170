package dev.drpo.benchmarks.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.drpo.benchmarks.machine.BenchTable;
import dev.drpo.benchmarks.machine.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What publishing one update of a policy costs, as a patch and as a whole.
 *
 * @param parameters of the policy
 * @param changed of them, whose bf16 value the update changed
 * @param fullBytes of the whole policy's elements
 * @param patchBytes of the patch
 * @param encode from two mapped files to a patch in a file
 * @param transfer from that file through the broker to another file
 * @param apply the patch in place, in a mapped file
 * @param verify that the patched file has the announced digest
 * @param fullCopy of the whole file in the same folder, from and to the page cache
 * @param digestEqual whether the patched file had it
 */
public record WeightFigures(
    long parameters,
    long changed,
    long fullBytes,
    long patchBytes,
    Duration encode,
    Duration transfer,
    Duration apply,
    Duration verify,
    Duration fullCopy,
    boolean digestEqual) {
  private static final double MAX_SHARE = 0.01;
  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final double NANOS_PER_MILLISECOND = 1e6;

  /** The median of each figure; equal digests are those of all. */
  public static WeightFigures median(List<WeightFigures> updates) {
    return new WeightFigures(
        updates.getFirst().parameters(),
        median(updates, WeightFigures::changed),
        updates.getFirst().fullBytes(),
        median(updates, WeightFigures::patchBytes),
        median(updates, WeightFigures::encode),
        median(updates, WeightFigures::transfer),
        median(updates, WeightFigures::apply),
        median(updates, WeightFigures::verify),
        median(updates, WeightFigures::fullCopy),
        updates.stream().allMatch(WeightFigures::digestEqual));
  }

  private static <T extends Comparable<T>> T median(
      List<WeightFigures> updates, Function<WeightFigures, T> figure) {
    return updates.stream()
        .map(figure)
        .sorted(Comparator.naturalOrder())
        .toList()
        .get(updates.size() / 2);
  }

  /** The figures beside their target and beside a plain copy. */
  public List<String> table() {
    BenchTable table = new BenchTable();
    table.heading(
        String.format(
            Locale.ROOT,
            "an update of %,d bf16 parameters, of which %.2f%% changed",
            parameters,
            100.0 * changed / parameters));
    table.figure("full weights", megabytes(fullBytes));
    table.figure(
        "patch",
        megabytes(patchBytes),
        new Target.AtMost(MAX_SHARE * fullBytes / BYTES_PER_MEGABYTE),
        patchBytes / BYTES_PER_MEGABYTE,
        megabytes((long) (MAX_SHARE * fullBytes)));
    table.note(
        String.format(
            Locale.ROOT,
            "%.3f%% of the full weights, 1/%.0f; %.1f bits for each change",
            100.0 * patchBytes / fullBytes,
            (double) fullBytes / patchBytes,
            8.0 * patchBytes / Math.max(1, changed)));
    table.latency("encode", encode);
    table.latency("transfer through the broker", transfer);
    table.latency("apply in place", apply);
    table.latency("verify the digest", verify);
    table.latency("plain copy of the full weights", fullCopy);
    table.note(
        String.format(
            Locale.ROOT,
            "applying takes %.2f times a plain copy, with the digest %.2f times; all of the way"
                + " takes %.2f times",
            ratio(apply),
            ratio(apply.plus(verify)),
            ratio(encode.plus(transfer).plus(apply).plus(verify))));
    table.note(
        digestEqual
            ? "the patched weights have the digest of the learner's"
            : "THE PATCHED WEIGHTS HAVE ANOTHER DIGEST THAN THE LEARNER'S");
    return table.lines();
  }

  private double ratio(Duration time) {
    return (double) time.toNanos() / fullCopy.toNanos();
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.2f MB", bytes / BYTES_PER_MEGABYTE);
  }

  /** Writes the figures for programs. */
  public void write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("parameters", parameters);
      json.writeNumberField("fullBytes", fullBytes);
      json.writeNumberField("patchBytes", patchBytes);
      json.writeNumberField("encodeMillis", milliseconds(encode));
      json.writeNumberField("transferMillis", milliseconds(transfer));
      json.writeNumberField("applyMillis", milliseconds(apply));
      json.writeNumberField("fullCopyMillis", milliseconds(fullCopy));
      json.writeBooleanField("digestEqual", digestEqual);
      json.writeNumberField("verifyMillis", milliseconds(verify));
      json.writeNumberField("changedParameters", changed);
      json.writeEndObject();
    }
  }

  private static double milliseconds(Duration time) {
    return time.toNanos() / NANOS_PER_MILLISECOND;
  }
}
