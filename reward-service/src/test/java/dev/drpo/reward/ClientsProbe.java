package dev.drpo.reward;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Clients;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** Does what the service does with Kafka's client and needs no broker for. */
public final class ClientsProbe implements Runnable {
  @Override
  public void run() {
    RunConfig config = ConfigLoader.load(null, Map.of(), Map.of());
    Messaging messaging = Messaging.of(config, "reward", InstantSource.system());
    Publisher.open(messaging).close();
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:1");
    Clients.ofKafka().admin(settings).close();
    settings.put("group.id", "probe");
    Clients.ofKafka().consumer(settings).close();
    Clients.ofKafka().shareConsumer(settings).close();
    for (CompressionType type : CompressionType.values()) {
      writeAndRead(Compression.of(type).build());
    }
  }

  private static void writeAndRead(Compression codec) {
    ByteBufferOutputStream bytes = new ByteBufferOutputStream(512);
    try (DataOutputStream out =
        new DataOutputStream(codec.wrapForOutput(bytes, RecordBatch.CURRENT_MAGIC_VALUE))) {
      out.writeUTF("x".repeat(1000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.buffer().flip();
    try (DataInputStream in =
        new DataInputStream(
            codec.wrapForInput(
                bytes.buffer(), RecordBatch.CURRENT_MAGIC_VALUE, BufferSupplier.NO_CACHING))) {
      if (in.readUTF().length() != 1000) {
        throw new IllegalStateException(codec.type() + " gives back something else");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
