package dev.drpo.rollout.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.generation.GenerationEngine;
import dev.drpo.policy.checkpoint.PolicyVersion;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFollowerTest {
  @TempDir private Path folder;
  private final FakeLog log = new FakeLog();
  private final RecordedUpdates updates = new RecordedUpdates();
  private Path newWeights;
  private FakeLearner learner;
  private GenerationEngine engine;
  private WeightFollower follower;

  @BeforeEach
  void start() throws IOException {
    Path starting = TinyPolicy.weights(folder.resolve("old.safetensors"), 1);
    engine = TinyEngine.start(starting);
    newWeights = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    learner = new FakeLearner();
    follower =
        WeightFollower.start(
            engine,
            starting,
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
  void announcedWeightsAreFetchedAndUsed() throws IOException {
    log.showReplayed();
    PolicyVersion version = publish(3);
    awaitCurrent(version);
    assertThat(engine.status().version()).isEqualTo(version);
    assertThat(updates.delays()).hasSize(1);
    assertThat(updates.fetchedBytes()).containsExactly(Files.size(newWeights));
    assertThat(updates.patchedBytes()).isEmpty();
  }

  @Test
  void aReplicaIsNotReadyBeforeItHasReplayedTheLog() {
    assertThat(follower.state()).isInstanceOf(WeightState.Replaying.class);
    assertThat(follower.state().ready()).isFalse();
    log.showReplayed();
    Await.until("replayed", () -> follower.state() instanceof WeightState.Current);
    assertThat(follower.state().ready()).isTrue();
  }

  @Test
  void onlyTheNewestRecordOfTheLogIsFetchedWhateverItsStep() throws IOException {
    Path other = TinyPolicy.weights(folder.resolve("other.safetensors"), 3);
    learner.publish(TinyPolicy.version(3, newWeights), newWeights);
    log.append(learner.announcement(TinyPolicy.version(7, other)));
    log.append(learner.announcement(TinyPolicy.version(8, other)));
    PolicyVersion newest = publish(3);
    log.showReplayed();
    awaitCurrent(newest);
    assertThat(learner.requests()).extracting(FetchWeightsRequest::getStep).containsExactly(3L);
  }

  @Test
  void aStepThatIsAnnouncedAgainWithOtherWeightsReplacesTheOldOnes() throws IOException {
    log.showReplayed();
    awaitCurrent(publish(3));
    newWeights = TinyPolicy.weights(folder.resolve("other.safetensors"), 3);
    awaitCurrent(publish(3));
    assertThat(engine.status().version()).isEqualTo(TinyPolicy.version(3, newWeights));
  }

  @Test
  void aSnapshotWithAWrongDigestIsNotServedAndFetchedAgain() throws IOException {
    byte[] corrupt = Files.readAllBytes(TinyPolicy.weights(folder.resolve("other.safetensors"), 9));
    learner.next(
        (request, chunks) -> {
          learner.send(corrupt, 0, chunks);
          chunks.onCompleted();
        });
    CountDownLatch observed = new CountDownLatch(1);
    learner.next(
        (request, chunks) -> {
          await(observed);
          learner.send(learner.snapshot(), request.getOffset(), chunks);
          chunks.onCompleted();
        });
    log.showReplayed();
    PolicyVersion version = publish(1);
    Await.until("the mismatch is seen", () -> learner.requests().size() == 2);
    assertThat(follower.state().ready()).isFalse();
    assertThat(follower.state().toString()).contains("has digest").contains("fetched again");
    assertThat(engine.status().version().step()).isZero();
    observed.countDown();
    awaitCurrent(version);
    assertThat(learner.requests().getLast().getOffset()).isZero();
    assertThat(updates.setbacks()).isEqualTo(1);
  }

  @Test
  void aBrokenStreamResumesWhereItBroke() throws IOException {
    learner.next(
        (request, chunks) -> {
          chunks.onNext(learner.chunk(learner.snapshot(), 0).build());
          chunks.onNext(learner.chunk(learner.snapshot(), FakeLearner.CHUNK).build());
          chunks.onError(Status.UNAVAILABLE.asRuntimeException());
        });
    log.showReplayed();
    awaitCurrent(publish(1));
    assertThat(learner.requests())
        .extracting(FetchWeightsRequest::getOffset)
        .containsExactly(0L, 2L * FakeLearner.CHUNK);
  }

  @Test
  void aChunkWithAWrongChecksumIsFetchedAgain() throws IOException {
    learner.next(
        (request, chunks) -> {
          chunks.onNext(learner.chunk(learner.snapshot(), 0).build());
          chunks.onNext(
              learner.chunk(learner.snapshot(), FakeLearner.CHUNK).setChecksum(1).build());
          chunks.onCompleted();
        });
    log.showReplayed();
    awaitCurrent(publish(1));
    assertThat(learner.requests())
        .extracting(FetchWeightsRequest::getOffset)
        .containsExactly(0L, (long) FakeLearner.CHUNK);
  }

  @Test
  void aLearnerThatIsAwayMakesTheReplicaUnreadyUntilANewerAnnouncement() throws IOException {
    log.showReplayed();
    learner.publish(TinyPolicy.version(1, newWeights), newWeights);
    WeightRecord dead = learner.announcement(TinyPolicy.version(1, newWeights));
    learner.next((request, chunks) -> chunks.onError(Status.NOT_FOUND.asRuntimeException()));
    learner.next((request, chunks) -> chunks.onError(Status.NOT_FOUND.asRuntimeException()));
    log.append(dead);
    Await.until("failing", () -> follower.state() instanceof WeightState.Failing);
    assertThat(follower.state().ready()).isFalse();
    awaitCurrent(publish(2));
  }

  @Test
  void aLearnerThatCameBackElsewhereIsAskedThereForTheSameWeights() throws IOException {
    log.showReplayed();
    PolicyVersion version = TinyPolicy.version(1, newWeights);
    WeightRecord there = learner.publish(version, newWeights);
    WeightRecord.Builder gone = there.toBuilder();
    gone.getAnnouncementBuilder().setLearnerAddress("localhost:1");
    log.append(gone.build());
    Await.until("failing", () -> follower.state() instanceof WeightState.Failing);
    log.append(there);
    awaitCurrent(version);
  }

  @Test
  void whoWaitsForAStepHearsThatTheLearnerResumedFromAnOlderOne() throws IOException {
    log.showReplayed();
    awaitCurrent(publish(5));
    CompletableFuture<Long> before = follower.takenBack(4);
    CompletableFuture<Long> same = follower.takenBack(5);
    CompletableFuture<Long> starting = follower.takenBack(0);
    awaitCurrent(publish(4));
    assertThat(same.join()).isEqualTo(4);
    assertThat(before).isNotDone();
    awaitCurrent(publish(3));
    assertThat(before.join()).isEqualTo(3);
    awaitCurrent(publish(0));
    assertThat(starting).isNotDone();
  }

  @Test
  void aReplicaThatReadsBehindDoesNotTakeTheNextStepForOneTakenBack() throws IOException {
    log.showReplayed();
    awaitCurrent(publish(1));
    log.hideNew();
    PolicyVersion next = publish(2);
    CompletableFuture<Long> watch = follower.takenBack(2);
    Await.until("the end is known", () -> log.marks() == 1);
    int polls = log.fruitlessPolls();
    Await.until("polled in vain", () -> log.fruitlessPolls() > polls + 1);
    assertThat(watch).isNotDone();
    log.showAll();
    awaitCurrent(next);
    assertThat(watch).isNotDone();
    publish(1);
    assertThat(watch.join()).isEqualTo(1);
  }

  @Test
  void aLogThatIsReadAnewTakesNoStepBack() throws IOException {
    log.showReplayed();
    publish(1);
    awaitCurrent(publish(2));
    CompletableFuture<Long> watch = follower.takenBack(2);
    Await.until("the end is known", () -> log.marks() == 1);
    log.breakOnce();
    Await.until("read again", log::readAgain);
    assertThat(watch).isNotDone();
    publish(1);
    assertThat(watch.join()).isEqualTo(1);
  }

  @Test
  void aRecordOfAnUnknownKindTakesNoStepBack() throws IOException {
    log.showReplayed();
    awaitCurrent(publish(1));
    log.append(WeightRecord.getDefaultInstance());
    CompletableFuture<Long> watch = follower.takenBack(2);
    Await.until("the end is known", () -> log.marks() == 1);
    int polls = log.fruitlessPolls();
    Await.until("polled in vain", () -> log.fruitlessPolls() > polls + 1);
    assertThat(watch).isNotDone();
  }

  private PolicyVersion publish(long step) throws IOException {
    PolicyVersion version = TinyPolicy.version(step, newWeights);
    log.append(learner.publish(version, newWeights));
    return version;
  }

  private void awaitCurrent(PolicyVersion version) {
    Await.until(
        "weights " + version, () -> follower.state().equals(new WeightState.Current(version)));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
