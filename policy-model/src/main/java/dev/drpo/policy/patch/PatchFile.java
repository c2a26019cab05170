package dev.drpo.policy.patch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A patch's chunks in a file, so that a large one fills no heap. One thread writes; when it is done
 * any may read. The file goes when this is closed.
 */
public final class PatchFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final List<Place> chunks = new ArrayList<>();
  private long size;

  private record Place(long offset, int length) {}

  private PatchFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes an empty file, in the place of any other.
   *
   * @throws IOException if it can't be written
   */
  public static PatchFile create(Path path) throws IOException {
    return new PatchFile(
        path,
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  /**
   * Appends a chunk.
   *
   * @throws IOException if the disk is full
   */
  public void append(byte[] chunk) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(chunk);
    while (rest.hasRemaining()) {
      channel.write(rest, size + rest.position());
    }
    chunks.add(new Place(size, chunk.length));
    size += chunk.length;
  }

  /**
   * Reads a chunk.
   *
   * @param index from 0
   * @throws IOException if the file became shorter, or this is closed
   */
  public byte[] chunk(int index) throws IOException {
    Place place = chunks.get(index);
    ByteBuffer bytes = ByteBuffer.allocate(place.length());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, place.offset() + bytes.position()) < 0) {
        throw new IOException(path + " became shorter while it was read");
      }
    }
    return bytes.array();
  }

  /** Number of chunks. */
  public int chunks() {
    return chunks.size();
  }

  /** Size of all chunks. */
  public long bytes() {
    return size;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
  }
}
