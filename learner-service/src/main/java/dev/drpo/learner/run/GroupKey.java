package dev.drpo.learner.run;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Purpose;

/** Identity of a group within the run: the same key is the same work, however often it arrives. */
record GroupKey(Purpose purpose, long step, String prompt) {
  static GroupKey of(GroupId id) {
    return new GroupKey(id.getPurpose(), id.getStep(), id.getPrompt());
  }

  GroupId toProto(String run) {
    return GroupId.newBuilder()
        .setRun(run)
        .setPurpose(purpose)
        .setStep(step)
        .setPrompt(prompt)
        .build();
  }
}
