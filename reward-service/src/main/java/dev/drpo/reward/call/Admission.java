package dev.drpo.reward.call;

import dev.drpo.reward.RewardMeters;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory of all calls at hand. A call is charged for every message before its bytes are
 * kept, and one that no longer fits is refused, so that no crowd of callers can exhaust the heap.
 */
@Singleton
final class Admission {
  /** Of the heap. A message may exist twice at once: as it came, and as it was read. */
  private static final int SHARE = 5;

  private final long capacityBytes;
  private final RewardMeters meters;
  private final AtomicLong chargedBytes = new AtomicLong();

  @Inject
  Admission(RewardMeters meters) {
    this(Runtime.getRuntime().maxMemory() / SHARE, meters);
  }

  Admission(long capacityBytes, RewardMeters meters) {
    this.capacityBytes = capacityBytes;
    this.meters = meters;
  }

  /**
   * Charges for bytes, which {@link #leave} returns.
   *
   * @throws RefusedException with {@code RESOURCE_EXHAUSTED} if they do not fit; nothing is charged
   */
  void enter(long bytes) {
    if (chargedBytes.addAndGet(bytes) > capacityBytes) {
      chargedBytes.addAndGet(-bytes);
      meters.refusedForLoad();
      throw RefusedException.busy(capacityBytes);
    }
  }

  void leave(long bytes) {
    chargedBytes.addAndGet(-bytes);
  }

  long chargedBytes() {
    return chargedBytes.get();
  }
}
