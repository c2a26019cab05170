package dev.drpo.policy.safetensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Function;

/** Writes safetensors files, one tensor or one piece of a tensor in memory at a time. */
public final class SafetensorsWriter {
  /** Alignment of the data, as the reference implementation writes it. */
  private static final int ALIGNMENT = 8;

  /** A buffer holds at most 2 GiB, and tensors may be larger. */
  private static final long PIECE_BYTES = 1 << 24;

  private SafetensorsWriter() {}

  /** What a finished file has to survive. */
  public enum Durability {
    /** The machine's crash: the file is forced to disk before it takes its place. */
    MACHINE,
    /** This process's crash; for files that can be made again, which need not wait for a disk. */
    PROCESS
  }

  /** Supplies the bytes of a tensor when its turn comes. */
  @FunctionalInterface
  public interface Source {
    /** The tensor's elements, little-endian, exactly {@link TensorInfo#bytes()} long. */
    ByteBuffer bytes(TensorInfo tensor);
  }

  /** Writes the bytes of a tensor in pieces when its turn comes. */
  @FunctionalInterface
  public interface PieceSource {
    /** Writes the tensor's elements, little-endian, {@link TensorInfo#bytes()} in all. */
    void write(TensorInfo tensor, Sink sink) throws IOException;
  }

  /** Takes the pieces of a tensor in their order. */
  @FunctionalInterface
  public interface Sink {
    /** Writes what remains of a buffer. */
    void write(ByteBuffer piece) throws IOException;
  }

  /**
   * Writes a file beside its place, forces it to disk and moves it there, so that readers see the
   * old file or the whole new one.
   *
   * @throws IOException if the disk is full or the folder can't be written; the old file is intact
   */
  public static void write(Path path, List<TensorInfo> tensors, Source source) throws IOException {
    writePieces(path, tensors, (tensor, sink) -> sink.write(source.bytes(tensor)));
  }

  /**
   * As {@link #write}, for tensors that are larger than a buffer can be.
   *
   * @throws IOException if the disk is full or the folder can't be written; the old file is intact
   */
  public static void writePieces(Path path, List<TensorInfo> tensors, PieceSource source)
      throws IOException {
    writePieces(path, tensors, source, Durability.MACHINE);
  }

  /**
   * As {@link #write}, for tensors that are larger than a buffer can be.
   *
   * @param durability what the file has to survive
   * @throws IOException if the disk is full or the folder can't be written; the old file is intact
   */
  public static void writePieces(
      Path path, List<TensorInfo> tensors, PieceSource source, Durability durability)
      throws IOException {
    Path aside = path.resolveSibling(path.getFileName() + ".partial");
    try {
      try (FileChannel channel =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        writeFully(channel, header(tensors));
        for (TensorInfo tensor : tensors) {
          writeTensor(channel, tensor, source);
        }
        if (durability == Durability.MACHINE) {
          channel.force(true);
        }
      }
      Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /**
   * As {@link #write}, for tensors that lie in memory, of any size.
   *
   * @param data a tensor's elements, little-endian, by its name
   * @param durability what the file has to survive
   * @throws IOException if the disk is full or the folder can't be written; the old file is intact
   */
  public static void writeSegments(
      Path path,
      List<TensorInfo> tensors,
      Function<String, MemorySegment> data,
      Durability durability)
      throws IOException {
    writePieces(
        path,
        tensors,
        (tensor, sink) -> {
          MemorySegment elements = data.apply(tensor.name());
          for (long at = 0; at < elements.byteSize(); at += PIECE_BYTES) {
            long size = Math.min(PIECE_BYTES, elements.byteSize() - at);
            sink.write(elements.asSlice(at, size).asByteBuffer());
          }
        },
        durability);
  }

  /**
   * Writes the tensors of one or several files to one, which this process's crash does not break.
   *
   * @throws IOException if the disk is full or the folder can't be written; the old file is intact
   */
  public static void merge(Path path, Safetensors files) throws IOException {
    writeSegments(path, List.copyOf(files.tensors()), files::data, Durability.PROCESS);
  }

  private static void writeTensor(FileChannel channel, TensorInfo tensor, PieceSource source)
      throws IOException {
    long begin = channel.position();
    source.write(tensor, piece -> writeFully(channel, piece));
    long written = channel.position() - begin;
    if (written != tensor.bytes()) {
      throw new IllegalArgumentException(
          "tensor "
              + tensor.name()
              + " of shape "
              + tensor.shapeText()
              + " takes "
              + tensor.bytes()
              + " bytes, but its source gave "
              + written);
    }
  }

  private static ByteBuffer header(List<TensorInfo> tensors) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (TensorInfo tensor : tensors) {
      ObjectNode entry = json.putObject(tensor.name());
      entry.put("dtype", tensor.type().code());
      ArrayNode shape = entry.putArray("shape");
      tensor.shape().forEach(shape::add);
      entry.putArray("data_offsets").add(offset).add(offset + tensor.bytes());
      offset += tensor.bytes();
    }
    String text = json.toString();
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    text += " ".repeat(Math.floorMod(-length, ALIGNMENT));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
