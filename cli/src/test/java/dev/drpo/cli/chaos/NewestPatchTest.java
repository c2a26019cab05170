package dev.drpo.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightPatch;
import dev.drpo.proto.records.v1.WeightPatchChunk;
import dev.drpo.proto.records.v1.WeightRecord;
import org.junit.jupiter.api.Test;

class NewestPatchTest {
  private final NewestPatch log = new NewestPatch();

  @Test
  void thePatchOfTheNewestAnnouncementIsKnownAndTheOneBefore() {
    publish(1, 2);
    publish(2, 3);
    assertThat(log.newest().orElseThrow().chunks()).hasSize(3);
    assertThat(log.newest().orElseThrow().announcement().getVersion().getStep()).isEqualTo(2);
    assertThat(log.previous().orElseThrow().chunks()).hasSize(2);
  }

  @Test
  void aStrayChunkOfAnotherPatchIsNoPartOfTheNewest() {
    publish(1, 2);
    log.add(chunk(1, 1));
    publish(2, 3);
    assertThat(log.newest().orElseThrow().chunks())
        .hasSize(3)
        .allMatch(chunk -> chunk.getVersion().getStep() == 2);
  }

  @Test
  void aPatchThatHasBegunMakesTheOneBeforeItOld() {
    publish(1, 2);
    log.add(chunk(2, 0));
    assertThat(log.newest()).isEmpty();
    assertThat(log.previous()).isEmpty();
  }

  @Test
  void anAnnouncementWithoutAPatchHasNone() {
    publish(1, 2);
    log.add(announcement(2).build());
    assertThat(log.newest()).isEmpty();
  }

  private void publish(int step, int chunks) {
    for (int i = 0; i < chunks; i++) {
      log.add(chunk(step, i));
    }
    WeightRecord.Builder announced = announcement(step);
    announced.getAnnouncementBuilder().setPatch(WeightPatch.newBuilder().setChunks(chunks));
    log.add(announced.build());
  }

  private static WeightRecord.Builder announcement(int step) {
    return WeightRecord.newBuilder()
        .setAnnouncement(
            WeightAnnouncement.newBuilder().setVersion(PolicyVersion.newBuilder().setStep(step)));
  }

  private static WeightRecord chunk(int step, int index) {
    return WeightRecord.newBuilder()
        .setPatchChunk(
            WeightPatchChunk.newBuilder()
                .setVersion(PolicyVersion.newBuilder().setStep(step))
                .setIndex(index))
        .build();
  }
}
