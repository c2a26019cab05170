package dev.drpo.cli.chaos;

import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightPatchChunk;
import dev.drpo.proto.records.v1.WeightRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The end of the weight log: the newest announcement, and the patch that it came with. */
final class NewestPatch {
  private List<WeightPatchChunk> begun = new ArrayList<>();
  private Whole newest;
  private Whole previous;

  /** A patch with the announcement of what it makes. */
  record Whole(List<WeightPatchChunk> chunks, WeightAnnouncement announcement) {
    Whole {
      chunks = List.copyOf(chunks);
    }
  }

  /** Takes the log's next record. */
  void add(WeightRecord record) {
    switch (record.getUpdateCase()) {
      case PATCH_CHUNK -> begun.add(record.getPatchChunk());
      case ANNOUNCEMENT -> {
        WeightAnnouncement announcement = record.getAnnouncement();
        previous = newest;
        newest = announcement.hasPatch() ? new Whole(ownChunks(announcement), announcement) : null;
        begun = new ArrayList<>();
      }
      case UPDATE_NOT_SET -> {
        // A later contract's, which is none of the storm's business.
      }
    }
  }

  /** A stray chunk of another patch may lie before them. */
  private List<WeightPatchChunk> ownChunks(WeightAnnouncement announcement) {
    return begun.stream()
        .filter(chunk -> chunk.getVersion().getStep() == announcement.getVersion().getStep())
        .toList();
  }

  /** The newest version's patch, if it has one and no later one has begun. */
  Optional<Whole> newest() {
    return begun.isEmpty() ? Optional.ofNullable(newest) : Optional.empty();
  }

  /** The patch before the newest version's, under the same condition. */
  Optional<Whole> previous() {
    return newest().isPresent() ? Optional.ofNullable(previous) : Optional.empty();
  }
}
