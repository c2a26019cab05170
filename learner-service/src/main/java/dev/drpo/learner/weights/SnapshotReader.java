package dev.drpo.learner.weights;

import com.google.protobuf.UnsafeByteOperations;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.learner.v1.WeightChunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.CRC32C;

/** A snapshot's file as chunks, each with its checksum, from an offset on. Can be iterated once. */
public final class SnapshotReader implements Iterable<WeightChunk>, AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Snapshot snapshot;
  private final FileChannel channel;
  private final long size;
  private long offset;

  private SnapshotReader(Snapshot snapshot, FileChannel channel, long offset) throws IOException {
    this.snapshot = snapshot;
    this.channel = channel;
    this.size = channel.size();
    this.offset = offset;
  }

  /**
   * Opens a version's file.
   *
   * @throws IllegalArgumentException if the offset lies outside the file
   * @throws IOException if the file is gone
   */
  public static SnapshotReader open(Snapshot snapshot, long offset) throws IOException {
    FileChannel channel = FileChannel.open(snapshot.file(), StandardOpenOption.READ);
    if (offset < 0 || offset > channel.size()) {
      long size = channel.size();
      channel.close();
      throw new IllegalArgumentException(
          "offset " + offset + " lies outside the snapshot of " + size + " bytes");
    }
    return new SnapshotReader(snapshot, channel, offset);
  }

  @Override
  public Iterator<WeightChunk> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return offset < size;
      }

      @Override
      public WeightChunk next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return read();
      }
    };
  }

  private WeightChunk read() {
    ByteBuffer data = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, size - offset));
    try {
      while (data.hasRemaining()) {
        if (channel.read(data, offset + data.position()) < 0) {
          throw new IOException(snapshot.file() + " became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    data.flip();
    CRC32C checksum = new CRC32C();
    checksum.update(data.duplicate());
    WeightChunk chunk =
        WeightChunk.newBuilder()
            .setVersion(PolicyRecords.of(snapshot.version()))
            .setOffset(offset)
            .setData(UnsafeByteOperations.unsafeWrap(data))
            .setChecksum((int) checksum.getValue())
            .setTotalBytes(size)
            .build();
    offset += chunk.getData().size();
    return chunk;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
