package dev.drpo.learner.weights;

import com.google.protobuf.UnsafeByteOperations;
import dev.drpo.policy.patch.PatchChunk;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.patch.Transition;
import dev.drpo.proto.records.v1.WeightPatchChunk;
import java.io.IOException;

/** The records of one patch. */
record PatchRecords(PublishedPolicy base, PublishedPolicy result, PatchFile patch) {
  int count() {
    return patch.chunks();
  }

  /**
   * One of them.
   *
   * @param index from 0
   */
  WeightPatchChunk get(int index) throws IOException {
    PatchChunk chunk =
        PatchChunk.of(
            new Transition(base.step(), base.digest(), result.step(), result.digest()),
            index,
            count(),
            patch.chunk(index));
    return WeightPatchChunk.newBuilder()
        .setBase(base.version())
        .setVersion(result.version())
        .setIndex(chunk.index())
        .setTotal(chunk.total())
        .setData(UnsafeByteOperations.unsafeWrap(chunk.data()))
        .setChecksum(chunk.checksum())
        .build();
  }
}
