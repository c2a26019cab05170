package dev.drpo.rollout.weights;

import com.google.protobuf.ByteString;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.PatchChunk;
import dev.drpo.policy.patch.PatchEncoder;
import dev.drpo.policy.patch.Transition;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.proto.learner.v1.WeightChunk;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightPatch;
import dev.drpo.proto.records.v1.WeightRecord;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
                .setVersion(PolicyRecords.of(announced))
                .setSnapshotBytes(snapshot.length)
                .setLearnerAddress("localhost:" + server.getPort()))
        .build();
  }

  /**
   * Serves a snapshot from now on; returns its patch and its announcement as the log has them.
   *
   * @param base version that the patch goes on from
   * @param baseFile what it holds
   */
  public List<WeightRecord> publishPatch(
      PolicyVersion base, Path baseFile, PolicyVersion newVersion, Path file) throws IOException {
    List<byte[]> chunks = new ArrayList<>();
    PatchEncoder.Summary summary;
    try (SafetensorsFile from = SafetensorsFile.open(baseFile);
        SafetensorsFile to = SafetensorsFile.open(file)) {
      summary = new PatchEncoder(CHUNK + 24, Long.MAX_VALUE).encode(from, to, chunks::add).get();
    }
    List<WeightRecord> records = new ArrayList<>();
    for (byte[] chunk : chunks) {
      records.add(chunk(base, newVersion, records.size(), chunks.size(), chunk));
    }
    WeightRecord announcement = publish(newVersion, file);
    WeightPatch.Builder patch =
        WeightPatch.newBuilder()
            .setBase(PolicyRecords.of(base))
            .setChunks(summary.chunks())
            .setBytes(summary.bytes())
            .setChanged(summary.changed());
    records.add(
        announcement.toBuilder()
            .setAnnouncement(announcement.getAnnouncement().toBuilder().setPatch(patch))
            .build());
    return records;
  }

  private static WeightRecord chunk(
      PolicyVersion base, PolicyVersion result, int index, int total, byte[] data) {
    return WeightRecord.newBuilder()
        .setPatchChunk(
            PolicyRecords.of(PatchChunk.of(new Transition(base, result), index, total, data)))
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
        .setVersion(PolicyRecords.of(version))
        .setOffset(at)
        .setData(ByteString.copyFrom(bytes, at, length))
        .setChecksum((int) checksum.getValue())
        .setTotalBytes(bytes.length);
  }

  byte[] snapshot() {
    return snapshot;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
