package dev.drpo.rollout.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.generation.GenerationEngine;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.rollout.TinyEngine;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower whose log has patches: versions 0 to 3, each a little different from the one before.
 */
class PatchedWeightsTest {
  @TempDir private Path folder;
  private final FakeLog log = new FakeLog();
  private final RecordedUpdates updates = new RecordedUpdates();
  private final List<Path> files = new ArrayList<>();
  private FakeLearner learner;
  private GenerationEngine engine;
  private WeightFollower follower;

  @BeforeEach
  void start() throws IOException {
    files.add(TinyPolicy.bfloat16(folder.resolve("0.safetensors"), 1));
    for (int step = 1; step <= 3; step++) {
      files.add(TinyPolicy.moved(files.getLast(), folder.resolve(step + ".safetensors"), step));
    }
    engine = TinyEngine.start(files.getFirst());
    learner = new FakeLearner();
    follower =
        WeightFollower.start(
            engine,
            files.getFirst(),
            log::open,
            "localhost:1",
            TlsConfig.PLAIN,
            InstantSource.system(),
            updates);
  }

  @AfterEach
  void stop() {
    follower.close();
    learner.close();
    engine.close();
  }

  @Test
  void patchesMakeTheAnnouncedWeightsWithoutASnapshot() throws IOException {
    byte[] starting = Files.readAllBytes(files.getFirst());
    log.showReplayed();
    for (int step = 1; step <= 3; step++) {
      log.append(patch(step));
      awaitCurrent(step);
    }
    assertThat(learner.requests()).isEmpty();
    assertThat(engine.status().version()).isEqualTo(version(3));
    assertThat(updates.patchedBytes())
        .hasSize(3)
        .allSatisfy(bytes -> assertThat(bytes).isPositive());
    assertThat(updates.fetchedBytes()).isEmpty();
    assertThat(updates.setbacks()).isZero();
    assertThat(updates.delays()).hasSize(3);
    // The user's own file is as it was.
    assertThat(Files.readAllBytes(files.getFirst())).isEqualTo(starting);
  }

  @Test
  void aReplicaThatReplaysPatchesAppliesThemTogether() throws IOException {
    for (int step = 1; step <= 3; step++) {
      log.append(patch(step));
    }
    log.showReplayed();
    awaitCurrent(3);
    assertThat(learner.requests()).isEmpty();
    assertThat(updates.patchedBytes()).hasSize(1);
  }

  @Test
  void aLostChunkIsMadeUpForByTheSnapshotFromWhichPatchesGoOn() throws IOException {
    log.showReplayed();
    List<WeightRecord> records = patch(1);
    assertThat(records).hasSizeGreaterThan(3);
    records.remove(1);
    log.append(records);
    awaitCurrent(1);
    assertThat(learner.requests()).extracting(FetchWeightsRequest::getStep).containsExactly(1L);
    assertThat(updates.setbacks()).isEqualTo(1);
    log.append(patch(2));
    awaitCurrent(2);
    assertThat(learner.requests()).hasSize(1);
    assertThat(updates.setbacks()).isEqualTo(1);
  }

  @Test
  void aCorruptChunkIsMadeUpForByTheSnapshot() throws IOException {
    log.showReplayed();
    List<WeightRecord> records = patch(1);
    records.set(
        0,
        records.getFirst().toBuilder()
            .setPatchChunk(records.getFirst().getPatchChunk().toBuilder().setChecksum(1))
            .build());
    log.append(records);
    awaitCurrent(1);
    assertThat(learner.requests()).hasSize(1);
    assertThat(updates.setbacks()).isEqualTo(1);
  }

  @Test
  void aDelayedChunkIsWaitedForAndTheOldWeightsServeMeanwhile() throws IOException {
    log.showReplayed();
    List<WeightRecord> records = patch(1);
    log.append(records.subList(0, 2));
    int polls = log.fruitlessPolls();
    Await.until("polled in vain", () -> log.fruitlessPolls() > polls + 1);
    assertThat(follower.state()).isEqualTo(new WeightState.Current(version(0)));
    log.append(records.subList(2, records.size()));
    awaitCurrent(1);
    assertThat(learner.requests()).isEmpty();
    assertThat(updates.setbacks()).isZero();
  }

  @Test
  void aChunkThatComesAfterItsAnnouncementIsMadeUpForByTheSnapshotAndDoesNoHarm()
      throws IOException {
    log.showReplayed();
    List<WeightRecord> records = patch(1);
    WeightRecord late = records.remove(1);
    log.append(records);
    awaitCurrent(1);
    log.append(late);
    log.append(patch(2));
    awaitCurrent(2);
    assertThat(learner.requests()).extracting(FetchWeightsRequest::getStep).containsExactly(1L);
    assertThat(updates.setbacks()).isEqualTo(1);
  }

  @Test
  void aMissedVersionIsMadeUpForByTheSnapshot() throws IOException {
    log.showReplayed();
    log.append(patch(2));
    awaitCurrent(2);
    assertThat(learner.requests()).extracting(FetchWeightsRequest::getStep).containsExactly(2L);
  }

  @Test
  void aPatchThatMakesOtherWeightsStopsTheReplicaUntilItHasTheSnapshot() throws IOException {
    CountDownLatch observed = new CountDownLatch(1);
    learner.next(
        (request, chunks) -> {
          await(observed);
          learner.send(learner.snapshot(), request.getOffset(), chunks);
          chunks.onCompleted();
        });
    // The chunks are those of another policy than the announced one.
    List<WeightRecord> records =
        learner.publishPatch(version(0), files.getFirst(), version(1), files.get(2));
    learner.publish(version(1), files.get(1));
    log.append(records);
    log.showReplayed();
    Await.until("the snapshot is asked for", () -> learner.requests().size() == 1);
    assertThat(follower.state().ready()).isFalse();
    assertThat(follower.state().toString())
        .contains("could not be made from")
        .contains("what came of the patch has digest " + version(2).digest().abbreviated())
        .contains("their snapshot is fetched instead");
    assertThat(engine.status().version()).isEqualTo(version(0));
    assertThat(updates.setbacks()).isEqualTo(1);
    observed.countDown();
    awaitCurrent(1);
    log.append(patch(2));
    awaitCurrent(2);
    assertThat(learner.requests()).hasSize(1);
  }

  @Test
  void aLateJoinerFetchesTheNewestSnapshotAlone() throws IOException {
    PolicyVersion unknown = TinyPolicy.version(7, files.get(3));
    log.append(learner.publishPatch(unknown, files.get(3), version(1), files.get(1)));
    log.append(patch(2));
    log.showReplayed();
    awaitCurrent(2);
    assertThat(learner.requests()).extracting(FetchWeightsRequest::getStep).containsExactly(2L);
    log.append(patch(3));
    awaitCurrent(3);
    assertThat(learner.requests()).hasSize(1);
  }

  @Test
  void aSnapshotUnderWayIsKeptWherePatchesLeadOnFromIt() throws IOException {
    byte[] first = Files.readAllBytes(files.get(1));
    CountDownLatch announced = new CountDownLatch(1);
    log.append(learner.publish(version(1), files.get(1)));
    learner.next(
        (request, chunks) -> {
          chunks.onNext(learner.chunk(first, 0).build());
          await(announced);
          chunks.onError(Status.UNAVAILABLE.asRuntimeException());
        });
    learner.next(
        (request, chunks) -> {
          for (int at = (int) request.getOffset(); at < first.length; at += FakeLearner.CHUNK) {
            chunks.onNext(
                learner.chunk(first, at).setVersion(PolicyRecords.of(version(1))).build());
          }
          chunks.onCompleted();
        });
    log.showReplayed();
    Await.until("the transfer has begun", () -> learner.requests().size() == 1);
    log.append(patch(2));
    announced.countDown();
    awaitCurrent(2);
    assertThat(learner.requests()).extracting(FetchWeightsRequest::getStep).containsExactly(1L, 1L);
    assertThat(learner.requests().getLast().getOffset()).isEqualTo(FakeLearner.CHUNK);
    assertThat(updates.patchedBytes()).hasSize(1);
  }

  @Test
  void aSnapshotThatIsGoneIsLeftForTheNewest() throws IOException {
    byte[] first = Files.readAllBytes(files.get(1));
    CountDownLatch announced = new CountDownLatch(1);
    log.append(learner.publish(version(1), files.get(1)));
    learner.next(
        (request, chunks) -> {
          chunks.onNext(learner.chunk(first, 0).build());
          await(announced);
          chunks.onError(Status.UNAVAILABLE.asRuntimeException());
        });
    learner.next((request, chunks) -> chunks.onError(Status.NOT_FOUND.asRuntimeException()));
    log.showReplayed();
    Await.until("the transfer has begun", () -> learner.requests().size() == 1);
    log.append(patch(2));
    announced.countDown();
    awaitCurrent(2);
    assertThat(learner.requests())
        .extracting(FetchWeightsRequest::getStep)
        .containsExactly(1L, 1L, 2L);
  }

  @Test
  void stepsThatTheLearnerTookBackAreMadeAgain() throws IOException {
    log.showReplayed();
    log.append(patch(1));
    log.append(patch(2));
    awaitCurrent(2);
    // Killed while it published the next one, it resumes from its checkpoint of step 1.
    log.append(patch(3).subList(0, 2));
    log.append(learner.publish(version(1), files.get(1)));
    awaitCurrent(1);
    assertThat(learner.requests()).extracting(FetchWeightsRequest::getStep).containsExactly(1L);
    log.append(patch(2));
    awaitCurrent(2);
    log.append(patch(3));
    awaitCurrent(3);
    assertThat(learner.requests()).hasSize(1);
  }

  @Test
  void aPatchThatIsPublishedTwiceIsAppliedOnce() throws IOException {
    log.showReplayed();
    List<WeightRecord> records = patch(1);
    log.append(records.subList(0, 2));
    log.append(records);
    log.append(records);
    awaitCurrent(1);
    log.append(patch(2));
    awaitCurrent(2);
    assertThat(learner.requests()).isEmpty();
    assertThat(updates.patchedBytes()).hasSize(2);
  }

  /** The patch to a step and its announcement. */
  private List<WeightRecord> patch(int step) throws IOException {
    return learner.publishPatch(
        version(step - 1), files.get(step - 1), version(step), files.get(step));
  }

  private PolicyVersion version(int step) {
    return TinyPolicy.version(step, files.get(step));
  }

  private void awaitCurrent(int step) {
    WeightState current = new WeightState.Current(version(step));
    Await.until("weights of step " + step, () -> follower.state().equals(current));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
