package dev.drpo.reward.http;

import dev.drpo.reward.call.Admission;
import dev.drpo.reward.call.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Reads a body as it comes, and charges for it before it is kept. */
final class JsonBody {
  /** The text, its tree and its message exist at once. */
  private static final int COPIES = 3;

  private static final Duration LONGEST_BODY = Duration.ofSeconds(30);
  private static final int CHUNK_BYTES = 16 << 10;

  private JsonBody() {}

  /**
   * Reads a body to its end.
   *
   * @throws RefusedException if it has more bytes than {@code limit}, if there is no room for it,
   *     or if its caller does not go on sending
   */
  static byte[] read(InputStream body, Admission.Charge charge, int limit) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK_BYTES];
    long end = System.nanoTime() + LONGEST_BODY.toNanos();
    try {
      for (int bytes = body.read(chunk); bytes >= 0; bytes = body.read(chunk)) {
        if (read.size() + bytes > limit) {
          throw RefusedException.tooLarge(limit);
        }
        if (System.nanoTime() - end > 0) {
          throw RefusedException.stalled(LONGEST_BODY);
        }
        charge.add((long) COPIES * bytes);
        read.write(chunk, 0, bytes);
      }
    } catch (IOException gone) {
      throw RefusedException.cancelled();
    }
    return read.toByteArray();
  }
}
