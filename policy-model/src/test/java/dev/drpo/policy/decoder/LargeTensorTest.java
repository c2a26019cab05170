package dev.drpo.policy.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The embedding of a 7B policy, which is larger than a buffer can be: 152,064 x 3,584 in fp32. The
 * file is sparse and the tensor's memory is touched at its end only, so that the test costs
 * neither.
 */
class LargeTensorTest {
  private static final long ROWS = 152_064;
  private static final long COLUMNS = 3_584;
  private static final long ELEMENTS = ROWS * COLUMNS;
  private static final int LAST = 1000;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @Test
  void itsPiecesCoverItWithoutGapOrOverlap() {
    SpreadTensor whole = new SpreadTensor(List.of(new SpreadTensor.Part(0, ELEMENTS, null, 0)));
    long next = 0;
    for (SpreadTensor.Run run : whole.runs(0, ELEMENTS, WeightTransfer.PIECE_ELEMENTS)) {
      assertThat(run.first()).isEqualTo(next);
      assertThat(run.at()).isEqualTo(next);
      assertThat((long) run.count() * Float.BYTES).isBetween(1L, (long) Integer.MAX_VALUE);
      next += run.count();
    }

    assertThat(ELEMENTS * Float.BYTES).isGreaterThan(Integer.MAX_VALUE);
    assertThat(next).isEqualTo(ELEMENTS);
  }

  @Test
  void itsLastElementsAreReadFromAFileAndWrittenToOne() throws IOException {
    TensorInfo info = TensorInfo.of("model.embed_tokens.weight", ElementType.F32, ROWS, COLUMNS);
    Path path = sparseFile(info);
    ModelConfig small = Architectures.UNTIED_SMALLEST;
    Path weights = RandomWeights.of(small, 1).write(folder.resolve("small"));
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (Decoder decoder = engine.decoder(small, weights);
        SafetensorsFile file = SafetensorsFile.open(path);
        NDArray embedding = engine.manager().create(new Shape(ROWS, COLUMNS), DataType.FLOAT32)) {
      WeightTransfer transfer = new WeightTransfer(decoder.script(), LAST);
      long end = ELEMENTS - LAST;
      SpreadTensor.Run last = new SpreadTensor.Run(embedding, end, end, LAST);
      transfer.read(decoder.manager(), file.data(info.name()), info.type(), last);
      transfer.write(
          decoder.manager(),
          SpreadTensor.whole(embedding),
          ELEMENTS - LAST,
          TensorInfo.of("end", ElementType.F32, LAST),
          piece -> {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            written.writeBytes(bytes);
          });

      assertThat(file.data(info.name()).byteSize()).isEqualTo(ELEMENTS * Float.BYTES);
      assertThat(embedding.get("-1, -1:").getFloat()).isEqualTo(LAST - 1);
    }
    float[] values = new float[LAST];
    ByteBuffer.wrap(written.toByteArray())
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);

    assertThat(values).containsExactly(counted());
  }

  /**
   * A file of 2.2 GB that takes some kilobytes of disk: its last elements are 0, 1, 2 and so on.
   */
  private Path sparseFile(TensorInfo info) throws IOException {
    Path path = folder.resolve("large.safetensors");
    String header =
        "{\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[0,%d]}}"
            .formatted(info.name(), info.shapeText(), info.bytes());
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer begin = ByteBuffer.allocate(Long.BYTES + text.length).order(ByteOrder.LITTLE_ENDIAN);
    begin.putLong(text.length).put(text).flip();
    ByteBuffer end = ByteBuffer.allocate(LAST * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    end.asFloatBuffer().put(counted());
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long dataBegin = channel.write(begin);
      channel.write(end, dataBegin + info.bytes() - end.remaining());
    }
    return path;
  }

  private static float[] counted() {
    float[] values = new float[LAST];
    IntStream.range(0, LAST).forEach(i -> values[i] = i);
    return values;
  }
}
