package dev.drpo.policy.safetensors;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.drpo.policy.PolicyFormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.Set;

/**
 * A memory-mapped safetensors file: an 8-byte little-endian header length, a JSON header, then the
 * tensors' bytes. The whole header is checked on opening, so that a truncated or overlapping file
 * is refused before any weight is read.
 */
public final class SafetensorsFile implements Safetensors {
  /**
   * Most bytes of a header. A policy's header takes some 50 kB; the reference implementation stops
   * at 100 MB, which would let a forged file fill the heap.
   */
  private static final long MAX_HEADER_BYTES = 16L << 20;

  /** A header with a repeated name or with something behind it is refused, not read half. */
  static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, MemorySegment> data = new LinkedHashMap<>();

  private SafetensorsFile(Path path) {
    this.path = path;
  }

  /**
   * Maps a file.
   *
   * @throws PolicyFormatException if it is missing or not a well-formed safetensors file
   */
  public static SafetensorsFile open(Path path) {
    return open(path, FileChannel.MapMode.READ_ONLY, Set.of(StandardOpenOption.READ));
  }

  /**
   * Maps a file so that what is written to its tensors' data is written to the file. Nothing forces
   * it to disk.
   *
   * @throws PolicyFormatException if it is missing, read-only or not a well-formed safetensors file
   */
  public static SafetensorsFile openWritable(Path path) {
    return open(
        path,
        FileChannel.MapMode.READ_WRITE,
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  private static SafetensorsFile open(
      Path path, FileChannel.MapMode mode, Set<StandardOpenOption> options) {
    SafetensorsFile file = new SafetensorsFile(path);
    try (FileChannel channel = FileChannel.open(path, options)) {
      file.index(channel.map(mode, 0, channel.size(), file.arena));
      return file;
    } catch (IOException e) {
      file.close();
      throw new PolicyFormatException(path + " can't be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void index(MemorySegment map) {
    if (map.byteSize() < Long.BYTES) {
      throw malformed("it has " + map.byteSize() + " bytes, less than a header length takes");
    }
    long headerBytes =
        map.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    if (headerBytes < 2 || headerBytes > map.byteSize() - Long.BYTES) {
      throw malformed(
          "its header length of "
              + headerBytes
              + " does not fit the file of "
              + map.byteSize()
              + " bytes; fetch it again");
    }
    if (headerBytes > MAX_HEADER_BYTES) {
      throw malformed(
          "its header length of "
              + headerBytes
              + " exceeds the limit of "
              + MAX_HEADER_BYTES
              + " bytes");
    }
    byte[] header = map.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment body = map.asSlice(Long.BYTES + headerBytes);
    parse(header)
        .properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals("__metadata__")) {
                add(entry.getKey(), entry.getValue(), body);
              }
            });
    refuseGapsAndOverlaps(body);
  }

  private JsonNode parse(byte[] header) {
    try {
      CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
      JsonNode json = STRICT.readTree(utf8.decode(ByteBuffer.wrap(header)).toString());
      if (json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      throw new PolicyFormatException(
          path
              + " is not a well-formed safetensors file: its header is not JSON in UTF-8: "
              + e.getMessage(),
          e);
    }
    throw malformed("its header is not a JSON object");
  }

  private void add(String name, JsonNode entry, MemorySegment body) {
    String code = entry.path("dtype").asText();
    ElementType type =
        ElementType.of(code)
            .orElseThrow(
                () ->
                    malformed(
                        "tensor "
                            + name
                            + " has dtype '"
                            + code
                            + "'; F32, F16 and BF16 are known"));
    List<Long> shape = sizes(name, entry, "shape");
    List<Long> offsets = sizes(name, entry, "data_offsets");
    TensorInfo info = new TensorInfo(name, type, shape);
    if (offsets.size() != 2
        || offsets.getLast() > body.byteSize()
        || offsets.getLast() - offsets.getFirst() != bytes(info)) {
      throw malformed(
          "tensor "
              + name
              + " of dtype "
              + code
              + " and shape "
              + info.shapeText()
              + " can't lie at data_offsets "
              + offsets
              + " of "
              + body.byteSize()
              + " bytes of data");
    }
    long begin = offsets.getFirst();
    tensors.put(name, info);
    data.put(name, body.asSlice(begin, offsets.getLast() - begin));
  }

  private List<Long> sizes(String name, JsonNode entry, String key) {
    JsonNode list = entry.path(key);
    List<Long> sizes = new ArrayList<>();
    list.forEach(
        size -> sizes.add(size.canConvertToLong() && size.isIntegralNumber() ? size.asLong() : -1));
    if (!list.isArray() || sizes.stream().anyMatch(size -> size < 0)) {
      throw malformed(
          "tensor " + name + " has " + key + " " + list + "; a list of sizes is expected");
    }
    return sizes;
  }

  private long bytes(TensorInfo info) {
    try {
      return info.bytes();
    } catch (ArithmeticException overflow) {
      throw malformed("tensor " + info.name() + " has the impossible shape " + info.shapeText());
    }
  }

  /** Tensors cover the data without gap or overlap, as the format demands. */
  private void refuseGapsAndOverlaps(MemorySegment body) {
    List<Map.Entry<String, MemorySegment>> inOrder =
        data.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, MemorySegment>>comparingLong(
                        entry -> entry.getValue().address())
                    .thenComparingLong(entry -> entry.getValue().byteSize()))
            .toList();
    long next = 0;
    for (Map.Entry<String, MemorySegment> tensor : inOrder) {
      long begin = tensor.getValue().address() - body.address();
      if (begin != next) {
        throw malformed(
            "tensor "
                + tensor.getKey()
                + " begins at "
                + begin
                + ", but the tensors before it end at "
                + next);
      }
      next = begin + tensor.getValue().byteSize();
    }
    if (next != body.byteSize()) {
      throw malformed(
          "its tensors end at " + next + ", but " + body.byteSize() + " bytes follow the header");
    }
  }

  private PolicyFormatException malformed(String what) {
    return new PolicyFormatException(path + " is not a well-formed safetensors file: " + what);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public SequencedCollection<TensorInfo> tensors() {
    return List.copyOf(tensors.values());
  }

  @Override
  public Path file(String name) {
    info(name);
    return path;
  }

  @Override
  public TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new PolicyFormatException(
          path + " has no tensor " + name + "; the checkpoint is incomplete or of another model");
    }
    return info;
  }

  @Override
  public MemorySegment data(String name) {
    info(name);
    return data.get(name);
  }

  @Override
  public void close() {
    arena.close();
  }
}
