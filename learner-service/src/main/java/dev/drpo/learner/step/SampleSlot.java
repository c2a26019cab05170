package dev.drpo.learner.step;

import dev.drpo.policy.trainer.MicroBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A sample in its place in its mini-batch, and its current log-probabilities once known. */
final class SampleSlot {
  final int group;
  final int sample;
  TrainingGroup.Sample source;
  private final MicroBatch.Sequence sequence;
  float[] current = {};

  private SampleSlot(int group, int sample, TrainingGroup owner) {
    this.group = group;
    this.sample = sample;
    this.source = owner.samples().get(sample);
    this.sequence = new MicroBatch.Sequence(owner.promptTokens(), source.tokens());
  }

  /** The slots of groups, in order. */
  static List<SampleSlot> of(List<TrainingGroup> groups) {
    List<SampleSlot> slots = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      for (int i = 0; i < groups.get(g).samples().size(); i++) {
        slots.add(new SampleSlot(g, i, groups.get(g)));
      }
    }
    return slots;
  }

  /**
   * Cuts slots into micro-batches. A group stays together as far as it fits, since its responses
   * share the prompt, and no micro-batch is larger than a worker's part of the whole.
   */
  static List<List<SampleSlot>> cut(List<SampleSlot> slots, int tokensPerMicroBatch, int workers) {
    long total = 0;
    for (int i = 0; i < slots.size(); i++) {
      total += slots.get(i).tokensAfter(i == 0 ? null : slots.get(i - 1));
    }
    long most = Math.min(tokensPerMicroBatch, Math.ceilDiv(total, workers));
    List<List<SampleSlot>> cuts = new ArrayList<>();
    List<SampleSlot> open = new ArrayList<>();
    long tokens = 0;
    for (SampleSlot slot : slots) {
      long more = slot.tokensAfter(open.isEmpty() ? null : open.getLast());
      if (!open.isEmpty() && tokens + more > most) {
        cuts.add(open);
        open = new ArrayList<>();
        tokens = 0;
        more = slot.tokensAfter(null);
      }
      open.add(slot);
      tokens += more;
    }
    cuts.add(open);
    return cuts;
  }

  /** Tokens that it adds to a micro-batch behind another slot, or to an empty one. */
  private long tokensAfter(SampleSlot before) {
    int prompt = before != null && before.group == group ? 0 : sequence.prompt().length;
    return prompt + sequence.response().length - 1L;
  }

  static MicroBatch microBatch(List<SampleSlot> cut) {
    return MicroBatch.of(cut.stream().map(slot -> slot.sequence).toList());
  }

  /** From now on, the update starts from the current log-probabilities. */
  void startFromCurrent() {
    source = source.withOld(current);
  }

  /** The groups that slots were made of, with the samples as they are now. */
  static List<TrainingGroup> groups(List<TrainingGroup> origin, List<SampleSlot> slots) {
    List<List<TrainingGroup.Sample>> samples = new ArrayList<>();
    origin.forEach(group -> samples.add(new ArrayList<>()));
    slots.forEach(slot -> samples.get(slot.group).add(slot.source));
    List<TrainingGroup> groups = new ArrayList<>();
    for (int g = 0; g < origin.size(); g++) {
      groups.add(origin.get(g).with(samples.get(g)));
    }
    return groups;
  }

  /** Shares a micro-batch's log-probabilities out to its slots. */
  static void scatter(float[] flat, List<SampleSlot> cut) {
    int at = 0;
    for (SampleSlot slot : cut) {
      int length = slot.source.tokens().length;
      slot.current = Arrays.copyOfRange(flat, at, at + length);
      at += length;
    }
  }
}
