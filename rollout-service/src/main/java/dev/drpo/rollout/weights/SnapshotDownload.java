package dev.drpo.rollout.weights;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc.LearnerServiceBlockingStub;
import dev.drpo.proto.learner.v1.WeightChunk;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * A snapshot on its way to this replica. A transfer that breaks resumes behind the last good chunk;
 * a file whose digest is wrong is fetched again from the beginning.
 */
final class SnapshotDownload {
  /** A slower transfer than this is given up, and resumes on a new stream. */
  private static final long MIN_BYTES_PER_SECOND = 1 << 20;

  private static final long BASE_SECONDS = 30;

  private final Announcement announcement;
  private final Path file;
  private long received;

  SnapshotDownload(Announcement announcement, Path folder) {
    this.announcement = announcement;
    PolicyVersion version = announcement.version();
    this.file =
        folder.resolve(version.step() + "-" + version.digest().abbreviated() + ".safetensors");
  }

  Announcement announcement() {
    return announcement;
  }

  /** Where the snapshot lies, as far as it has come. */
  Path file() {
    return file;
  }

  /** Whether some of it is here. */
  boolean hasBegun() {
    return received > 0;
  }

  /** Bytes that have come, those of a file that was fetched again included. */
  long received() {
    return received;
  }

  /**
   * Fetches what is missing and verifies the whole.
   *
   * @return the file, whose digest is the announced one
   * @throws SnapshotException if that failed this time; what is good of the file is kept
   */
  Path attempt(LearnerConnection learner) throws SnapshotException {
    try {
      receive(learner.to(announcement.learnerAddress()));
    } catch (StatusRuntimeException e) {
      throw notSent(e, learner.reason(e));
    } catch (IOException e) {
      throw new SnapshotException(
          "weights "
              + announcement.version()
              + " can't be written to "
              + file
              + ": "
              + e
              + "; the folder needs "
              + announcement.bytes()
              + " free bytes",
          e);
    }
    verify();
    return file;
  }

  private SnapshotException notSent(StatusRuntimeException e, String reason) {
    String message =
        "the learner at %s did not send weights %s: %s"
            .formatted(announcement.learnerAddress(), announcement.version(), reason);
    return e.getStatus().getCode() == Status.Code.NOT_FOUND
        ? new SnapshotGoneException(message, e)
        : new SnapshotException(message, e);
  }

  private void discard() throws SnapshotException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new SnapshotException(file + " can't be deleted: " + e, e);
    }
  }

  private void receive(LearnerServiceBlockingStub learner) throws IOException, SnapshotException {
    try (FileChannel out =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      long missing = announcement.bytes() - out.size();
      if (missing <= 0) {
        return;
      }
      FetchWeightsRequest request =
          FetchWeightsRequest.newBuilder()
              .setStep(announcement.version().step())
              .setOffset(out.size())
              .build();
      Iterator<WeightChunk> chunks =
          learner
              .withDeadlineAfter(BASE_SECONDS + missing / MIN_BYTES_PER_SECOND, TimeUnit.SECONDS)
              .fetchWeights(request);
      while (chunks.hasNext()) {
        WeightChunk chunk = chunks.next();
        check(chunk, out.size());
        for (ByteBuffer part : chunk.getData().asReadOnlyByteBufferList()) {
          while (part.hasRemaining()) {
            out.write(part);
          }
        }
        received += chunk.getData().size();
      }
      if (out.size() < announcement.bytes()) {
        throw new SnapshotException(
            "the stream of weights %s ended at byte %d of %d"
                .formatted(announcement.version(), out.size(), announcement.bytes()));
      }
    }
  }

  private void check(WeightChunk chunk, long expectedOffset) throws SnapshotException {
    if (!chunk.getVersion().equals(PolicyRecords.of(announcement.version()))) {
      throw new SnapshotException(
          "the learner serves other weights for step %d than the announced %s"
              .formatted(announcement.version().step(), announcement.version()));
    }
    if (chunk.getOffset() != expectedOffset) {
      throw new SnapshotException(
          "a chunk of weights %s lies at byte %d, where byte %d was expected"
              .formatted(announcement.version(), chunk.getOffset(), expectedOffset));
    }
    CRC32C checksum = new CRC32C();
    chunk.getData().asReadOnlyByteBufferList().forEach(checksum::update);
    if ((int) checksum.getValue() != chunk.getChecksum()) {
      throw new SnapshotException(
          "the chunk at byte %d of weights %s arrived with a wrong checksum"
              .formatted(expectedOffset, announcement.version()));
    }
  }

  private void verify() throws SnapshotException {
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      PolicyDigest found = PolicyDigest.of(weights);
      if (found.equals(announcement.version().digest())) {
        return;
      }
      discard();
      throw new SnapshotException(
          "the snapshot of step %d has digest %s but %s was announced; it is fetched again"
              .formatted(
                  announcement.version().step(),
                  found.abbreviated(),
                  announcement.version().digest().abbreviated()));
    } catch (PolicyFormatException e) {
      discard();
      throw new SnapshotException(e.getMessage() + "; it is fetched again", e);
    }
  }
}
