package dev.drpo.problems;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in hexadecimal digits. */
public final class Sha256 {
  private static final int PIECE = 1 << 20;

  private Sha256() {}

  /**
   * Of a file, which is read piece by piece.
   *
   * @throws IOException if it can't be read
   */
  public static String of(Path file) throws IOException {
    return of(file, () -> {});
  }

  /**
   * Of a file, which is read piece by piece.
   *
   * @param pieceDone told of each piece
   * @throws IOException if it can't be read
   */
  public static String of(Path file, Runnable pieceDone) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] piece = new byte[PIECE];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        digest.update(piece, 0, read);
        pieceDone.run();
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of bytes. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
