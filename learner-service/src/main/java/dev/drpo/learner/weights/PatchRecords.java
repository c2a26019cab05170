package dev.drpo.learner.weights;

import dev.drpo.policy.patch.PatchChunk;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.patch.Transition;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.WeightPatchChunk;
import java.io.IOException;

/** The records of one patch. */
record PatchRecords(Transition transition, PatchFile patch) {
  int count() {
    return patch.chunks();
  }

  /**
   * One of them.
   *
   * @param index from 0
   */
  WeightPatchChunk get(int index) throws IOException {
    return PolicyRecords.of(PatchChunk.of(transition, index, count(), patch.chunk(index)));
  }
}
