package dev.drpo.rollout.weights;

import com.google.protobuf.ByteString;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.proto.learner.v1.WeightChunk;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.rollout.engine.PolicyVersion;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.CRC32C;

/** A learner that serves snapshots in small chunks, after misbehaving as often as it is told. */
public final class FakeLearner extends LearnerServiceGrpc.LearnerServiceImplBase
    implements AutoCloseable {
  static final int CHUNK = 1000;

  private final Server server;
  private final List<FetchWeightsRequest> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Answer> misbehaviour = new LinkedBlockingQueue<>();
  private volatile PolicyVersion version;
  private volatile byte[] snapshot;

  /** How a request is answered. */
  interface Answer {
    void answer(FetchWeightsRequest request, StreamObserver<WeightChunk> chunks) throws IOException;
  }

  public FakeLearner() throws IOException {
    server = ServerBuilder.forPort(0).addService(this).build().start();
  }

  /** Serves a snapshot from now on; returns its announcement. */
  public WeightRecord publish(PolicyVersion newVersion, Path file) throws IOException {
    version = newVersion;
    snapshot = Files.readAllBytes(file);
    return announcement(newVersion);
  }

  WeightRecord announcement(PolicyVersion announced) {
    return WeightRecord.newBuilder()
        .setAnnouncement(
            WeightAnnouncement.newBuilder()
                .setVersion(message(announced))
                .setSnapshotBytes(snapshot.length)
                .setLearnerAddress("localhost:" + server.getPort()))
        .build();
  }

  /** Answers the next request in a way of its own. */
  void next(Answer answer) {
    misbehaviour.add(answer);
  }

  List<FetchWeightsRequest> requests() {
    return requests;
  }

  @Override
  public void fetchWeights(FetchWeightsRequest request, StreamObserver<WeightChunk> chunks) {
    requests.add(request);
    Answer special = misbehaviour.poll();
    try {
      if (special != null) {
        special.answer(request, chunks);
      } else {
        send(snapshot, request.getOffset(), chunks);
        chunks.onCompleted();
      }
    } catch (IOException e) {
      chunks.onError(e);
    }
  }

  void send(byte[] bytes, long from, StreamObserver<WeightChunk> chunks) {
    for (int at = (int) from; at < bytes.length; at += CHUNK) {
      chunks.onNext(chunk(bytes, at).build());
    }
  }

  WeightChunk.Builder chunk(byte[] bytes, int at) {
    int length = Math.min(CHUNK, bytes.length - at);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, at, length);
    return WeightChunk.newBuilder()
        .setVersion(message(version))
        .setOffset(at)
        .setData(ByteString.copyFrom(bytes, at, length))
        .setChecksum((int) checksum.getValue())
        .setTotalBytes(bytes.length);
  }

  byte[] snapshot() {
    return snapshot;
  }

  private static dev.drpo.proto.records.v1.PolicyVersion message(PolicyVersion version) {
    return dev.drpo.proto.records.v1.PolicyVersion.newBuilder()
        .setStep(version.step())
        .setDigest(ByteString.copyFrom(version.digest().bytes()))
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
