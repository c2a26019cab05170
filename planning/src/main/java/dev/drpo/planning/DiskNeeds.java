package dev.drpo.planning;

import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.runtime.config.Precision;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;
import java.util.Locale;

/**
 * What a run takes on disks, in bytes.
 *
 * @param checkpoints fp32 weights and moments
 * @param snapshots versions for replicas to fetch, and the patch that is on its way
 * @param exports the trained policy and the best one, as Hugging Face folders
 * @param records what its own broker keeps; 0 where the broker is another's
 * @param replicas the weights that rollout replicas sample with, in temporary files
 * @param others the broker's own topics, the processes' logs, metrics and report
 */
public record DiskNeeds(
    long checkpoints, long snapshots, long exports, long records, long replicas, long others) {
  private static final long OTHERS = 512L << 20;

  /** fp32 weights and AdamW's two moments. */
  private static final int CHECKPOINT_BYTES_PER_PARAMETER = 3 * Float.BYTES;

  /** Versions beyond {@code max-lag}: the newest, one that is being written, two in reserve. */
  private static final int SNAPSHOTS = 4;

  /** The last and the best, and one more while it is written beside what it replaces. */
  private static final int EXPORTS = 3;

  /**
   * The size of a policy.
   *
   * @param parameters their number
   * @param fileBytes of its weights' files, which an export is as large as
   */
  public record Policy(long parameters, long fileBytes) {}

  /**
   * What a run may take: every response is as long as its budget, and every replica fetches a
   * snapshot beside the weights at hand.
   *
   * @param replicas of the rollout service
   * @param ownBroker whether the run has a broker of its own
   */
  public static DiskNeeds worst(RunConfig config, Policy policy, int replicas, boolean ownBroker) {
    long snapshot = snapshot(config, policy);
    return of(
        config,
        policy,
        ownBroker ? BrokerRecords.worst(config, snapshot).total() : 0,
        2L * replicas * snapshot);
  }

  /** What a run is expected to take, as {@link #worst}. */
  public static DiskNeeds expected(
      RunConfig config, Policy policy, int replicas, boolean ownBroker) {
    long snapshot = snapshot(config, policy);
    return of(
        config,
        policy,
        ownBroker ? BrokerRecords.expected(config, snapshot).total() : 0,
        // A patch is applied in place; a snapshot is fetched beside the one in use.
        (patched(config) ? 1L : 2L) * replicas * snapshot);
  }

  private static DiskNeeds of(RunConfig config, Policy policy, long records, long replicas) {
    long snapshot = snapshot(config, policy);
    // One checkpoint more than is kept: the next one is complete before the oldest goes.
    return new DiskNeeds(
        (config.training().checkpointsKept() + 1L)
            * CHECKPOINT_BYTES_PER_PARAMETER
            * policy.parameters(),
        snapshots(config.training()) * snapshot
            + (patched(config) ? (long) (config.weights().mostPatchFraction() * snapshot) : 0),
        EXPORTS * policy.fileBytes(),
        records,
        replicas,
        OTHERS);
  }

  /** The same without what replicas keep, which lies on another disk. */
  public DiskNeeds withoutReplicas() {
    return new DiskNeeds(checkpoints, snapshots, exports, records, 0, others);
  }

  /** Most versions that lie on the disk at once. */
  static long snapshots(TrainingConfig training) {
    return (long) training.maxLag() + SNAPSHOTS;
  }

  /** Whether updates may travel as patches. */
  static boolean patched(RunConfig config) {
    return config.weights().type() == Precision.BFLOAT16
        && config.weights().mostPatchFraction() > 0;
  }

  private static long snapshot(RunConfig config, Policy policy) {
    return policy.parameters() * ElementType.named(config.weights().type().configName()).bytes();
  }

  /** What lies in the run's folder, in bytes. */
  public long ofLearner() {
    return checkpoints + snapshots + exports + others;
  }

  /** All of it, in bytes. */
  public long total() {
    return checkpoints + snapshots + exports + records + replicas + others;
  }

  /** For people. */
  @Override
  public String toString() {
    return "%s: checkpoints %s, snapshots %s, exported policies %s, records of the broker %s, weights of replicas %s, logs and others %s"
        .formatted(
            gigabytes(total()),
            gigabytes(checkpoints),
            gigabytes(snapshots),
            gigabytes(exports),
            gigabytes(records),
            gigabytes(replicas),
            gigabytes(others));
  }

  /** A number of bytes for people. */
  public static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
