package dev.drpo.policy.patch;

import dev.drpo.policy.Processors;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Makes patches. Stretches of the tensors are compared and packed on all processors, a few at a
 * time, so that memory stays bounded whatever the policy's size.
 *
 * @param chunkBytes most bytes of a chunk, from {@link #MIN_CHUNK_BYTES} on
 * @param patchBytes most bytes of a patch that is worth making
 */
public record PatchEncoder(int chunkBytes, long patchBytes) {
  /** Smaller chunks would be more framing than patch. */
  public static final int MIN_CHUNK_BYTES = 1024;

  /** Stretches in memory for each processor: enough that none waits for another's long one. */
  private static final int STRETCHES_AT_ONCE = 4;

  public PatchEncoder {
    if (chunkBytes < MIN_CHUNK_BYTES) {
      throw new IllegalArgumentException(
          "a chunk of a patch has %d bytes or more, not %d".formatted(MIN_CHUNK_BYTES, chunkBytes));
    }
  }

  /** Takes the chunks in their order. */
  @FunctionalInterface
  public interface ChunkSink {
    /** Takes one chunk, which is the sink's from now on. */
    void accept(byte[] chunk) throws IOException;
  }

  /**
   * A patch that was made.
   *
   * @param chunks how many it has; one, which is empty, if the policies are equal
   * @param bytes of all chunks
   * @param changed elements that differ
   * @param elements in all
   */
  public record Summary(int chunks, long bytes, long changed, long elements) {}

  /** Elements of one tensor that one thread works on. */
  private record Stretch(int tensor, long from, long to) {}

  /** Whether one policy can be patched into another: both are bf16 and of the same shape. */
  public static boolean isPossible(Safetensors base, Safetensors next) {
    return base.tensors().stream().allMatch(info -> info.type() == ElementType.BF16)
        && new HashSet<>(base.tensors()).equals(new HashSet<>(next.tensors()));
  }

  /**
   * Encodes what differs.
   *
   * @return empty if the patch would be larger than is worth it; the sink then has a useless part
   * @throws IllegalArgumentException if no patch {@link #isPossible}
   * @throws IOException if the sink can't take a chunk
   */
  public Optional<Summary> encode(Safetensors base, Safetensors next, ChunkSink sink)
      throws IOException {
    if (!isPossible(base, next)) {
      throw new IllegalArgumentException(
          "%s and %s must hold the same tensors in bfloat16".formatted(base.path(), next.path()));
    }
    PatchTensors from = PatchTensors.of(base);
    PatchTensors to = PatchTensors.of(next);
    List<Stretch> stretches = stretches(from.infos());
    Chunks chunks = new Chunks(chunkBytes, sink);
    int atOnce = STRETCHES_AT_ONCE * Processors.count();
    for (int i = 0; i < stretches.size(); i += atOnce) {
      List<Stretch> batch = stretches.subList(i, Math.min(i + atOnce, stretches.size()));
      for (PieceEncoder.Piece piece : pieces(batch, from, to)) {
        chunks.add(piece);
      }
      if (chunks.bytes > patchBytes) {
        return Optional.empty();
      }
    }
    chunks.end();
    return Optional.of(new Summary(chunks.count, chunks.bytes, chunks.changed, from.elements()));
  }

  private static List<Stretch> stretches(List<TensorInfo> tensors) {
    List<Stretch> stretches = new ArrayList<>();
    for (int tensor = 0; tensor < tensors.size(); tensor++) {
      long elements = tensors.get(tensor).elements();
      for (long from = 0; from < elements; from += PieceEncoder.MAX_ELEMENTS) {
        long to = Math.min(from + PieceEncoder.MAX_ELEMENTS, elements);
        stretches.add(new Stretch(tensor, from, to));
      }
    }
    return stretches;
  }

  private List<PieceEncoder.Piece> pieces(
      List<Stretch> batch, PatchTensors base, PatchTensors next) {
    List<List<PieceEncoder.Piece>> byStretch = new ArrayList<>();
    batch.forEach(_ -> byStretch.add(new ArrayList<>()));
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      places.add(i);
    }
    Processors.forEach(
        places, place -> byStretch.get(place).addAll(encode(batch.get(place), base, next)));
    return byStretch.stream().flatMap(List::stream).toList();
  }

  private List<PieceEncoder.Piece> encode(Stretch stretch, PatchTensors base, PatchTensors next) {
    return PieceEncoder.encode(
        stretch.tensor(),
        base.data().get(stretch.tensor()),
        next.data().get(stretch.tensor()),
        stretch.from(),
        stretch.to(),
        PieceEncoder.mostChanges(chunkBytes));
  }

  /** Fills chunks with whole pieces. */
  private static final class Chunks {
    private final int most;
    private final ChunkSink sink;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private int count;
    private long bytes;
    private long changed;

    Chunks(int most, ChunkSink sink) {
      this.most = most;
      this.sink = sink;
    }

    void add(PieceEncoder.Piece piece) throws IOException {
      if (open.size() + piece.bytes().length > most) {
        flush();
      }
      open.write(piece.bytes());
      bytes += piece.bytes().length;
      changed += piece.changes();
    }

    /** Passes the last chunk on; even a patch that changes nothing has one. */
    void end() throws IOException {
      if (open.size() > 0 || count == 0) {
        flush();
      }
    }

    private void flush() throws IOException {
      sink.accept(open.toByteArray());
      open.reset();
      count++;
    }
  }
}
