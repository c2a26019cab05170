package dev.drpo.learner.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnsafeByteOperations;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.proto.learner.v1.WeightChunk;
import dev.drpo.testkit.Await;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a plain server of grpc-java. */
class PacedAnswersTest {
  private static final int CHUNKS = 64;
  private static final int CHUNK_BYTES = 1 << 20;

  /** What the flow-control windows of both sides hold, and one that is being sent. */
  private static final int CHUNKS_AHEAD = 4;

  private final AtomicInteger made = new AtomicInteger();
  private final CountDownLatch senderEnded = new CountDownLatch(1);
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Chunks())
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
            .usePlaintext()
            .maxInboundMessageSize(2 * CHUNK_BYTES)
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void aSlowCallerHoldsFewAnswersInMemory() throws Exception {
    SlowReader reader = fetch();
    for (int read = 1; read <= CHUNKS; read++) {
      assertThat(reader.next()).isTrue();
      assertThat(made.get()).isLessThanOrEqualTo(read + CHUNKS_AHEAD);
    }
    assertThat(reader.next()).isFalse();
  }

  @Test
  void aCallerThatLeavesEndsTheSender() throws Exception {
    SlowReader reader = fetch();
    assertThat(reader.next()).isTrue();
    reader.call.cancel("enough", null);
    Await.until("the sender has ended", () -> senderEnded.getCount() == 0);
    assertThat(made.get()).isLessThan(CHUNKS);
  }

  private SlowReader fetch() {
    SlowReader reader = new SlowReader();
    LearnerServiceGrpc.newStub(channel)
        .fetchWeights(FetchWeightsRequest.getDefaultInstance(), reader);
    return reader;
  }

  private final class Chunks extends LearnerServiceGrpc.LearnerServiceImplBase {
    @Override
    public void fetchWeights(FetchWeightsRequest request, StreamObserver<WeightChunk> chunks) {
      PacedAnswers<WeightChunk> answers =
          new PacedAnswers<>((ServerCallStreamObserver<WeightChunk>) chunks);
      Iterator<WeightChunk> all = IntStream.range(0, CHUNKS).mapToObj(_ -> chunk()).iterator();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  answers.send(all);
                } catch (InterruptedException e) {
                  answers.fail(e);
                } finally {
                  senderEnded.countDown();
                }
              });
    }

    private WeightChunk chunk() {
      made.incrementAndGet();
      return WeightChunk.newBuilder()
          .setData(UnsafeByteOperations.unsafeWrap(new byte[CHUNK_BYTES]))
          .build();
    }
  }

  /** Takes one chunk at a time. */
  private static final class SlowReader
      implements ClientResponseObserver<FetchWeightsRequest, WeightChunk> {
    private final BlockingQueue<Boolean> heard = new LinkedBlockingQueue<>();
    private ClientCallStreamObserver<FetchWeightsRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<FetchWeightsRequest> call) {
      this.call = call;
      call.disableAutoRequestWithInitial(0);
    }

    /** Whether another chunk came before the end. */
    boolean next() throws InterruptedException {
      call.request(1);
      Boolean chunk = heard.poll(1, TimeUnit.MINUTES);
      assertThat(chunk).as("a chunk or the end").isNotNull();
      return chunk;
    }

    @Override
    public void onNext(WeightChunk chunk) {
      heard.add(true);
    }

    @Override
    public void onError(Throwable failure) {
      heard.add(false);
    }

    @Override
    public void onCompleted() {
      heard.add(false);
    }
  }
}
