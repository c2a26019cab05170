package dev.drpo.policy.patch;

import java.util.zip.CRC32C;

/**
 * A part of a patch as it travels.
 *
 * @param transition what the patch does
 * @param index place among the chunks, from 0
 * @param total number of chunks
 * @param data whole pieces
 * @param checksum CRC-32C of the data
 */
public record PatchChunk(Transition transition, int index, int total, byte[] data, int checksum) {

  /** A chunk with the checksum of its data. */
  public static PatchChunk of(Transition transition, int index, int total, byte[] data) {
    return new PatchChunk(transition, index, total, data, checksum(data));
  }

  /** Whether the data is what the checksum was made of. */
  boolean isIntact() {
    return checksum(data) == checksum;
  }

  private static int checksum(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return (int) crc.getValue();
  }
}
