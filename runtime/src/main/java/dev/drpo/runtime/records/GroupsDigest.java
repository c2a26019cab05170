package dev.drpo.runtime.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A SHA-256 over everything that a step learns from. Who has the scored groups of the step can say
 * whether it learned from just these, each once: a group that is missing, changed or taken twice
 * gives another digest, and the order in which they are added does not.
 *
 * <p>A group's own digest is over its prompt's id in UTF-8, the number of responses, and of each
 * the number of tokens, token ids, log-probabilities' bits, whether it is right (1 or 0), and the
 * reward's bits; numbers are big-endian, and the id is preceded by its length. The groups' digests
 * are taken in their unsigned order.
 */
public final class GroupsDigest {
  private final List<byte[]> groups = new ArrayList<>();

  /**
   * One response.
   *
   * @param tokens its token ids
   * @param logProbabilities one per token, as sampled
   * @param correct whether its answer is right
   * @param reward what it earned
   */
  public record Response(int[] tokens, float[] logProbabilities, boolean correct, double reward) {}

  /** Adds a group. */
  public void add(String prompt, List<Response> responses) {
    MessageDigest digest = sha256();
    byte[] id = prompt.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(id.length).flip());
    digest.update(id);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(responses.size()).flip());
    responses.forEach(response -> digest.update(bytes(response)));
    groups.add(digest.digest());
  }

  /** Of all groups added so far, as 64 hexadecimal digits. */
  public String hex() {
    MessageDigest digest = sha256();
    groups.stream().sorted(Arrays::compareUnsigned).forEach(digest::update);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static ByteBuffer bytes(Response response) {
    int[] tokens = response.tokens();
    ByteBuffer bytes =
        ByteBuffer.allocate(
            Integer.BYTES + tokens.length * (Integer.BYTES + Float.BYTES) + 1 + Double.BYTES);
    bytes.putInt(tokens.length);
    for (int token : tokens) {
      bytes.putInt(token);
    }
    for (float logProbability : response.logProbabilities()) {
      bytes.putFloat(logProbability);
    }
    return bytes.put((byte) (response.correct() ? 1 : 0)).putDouble(response.reward()).flip();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
