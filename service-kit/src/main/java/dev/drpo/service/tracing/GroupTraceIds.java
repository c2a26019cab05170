package dev.drpo.service.tracing;

import com.google.common.hash.Hashing;
import dev.drpo.proto.records.v1.GroupId;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * Ids of traces. Which groups are traced follows from their identity, so that a group that is
 * dispatched again, even by a learner that was resumed, is traced again or is not again; while a
 * process lives, its trace is the same one.
 */
final class GroupTraceIds implements IdGenerator {
  private static final ScopedValue<GroupId> BEGUN = ScopedValue.newInstance();
  private static final double RANGE = 0x1p53;

  private final double share;
  private final IdGenerator random = IdGenerator.random();
  private final byte[] salt = new byte[16];

  /**
   * Ids of a process.
   *
   * @param share of groups that are traced
   */
  GroupTraceIds(double share) {
    this.share = share;
    // Runs of one name have traces of their own.
    new SecureRandom().nextBytes(salt);
  }

  /** Whether a group is among those that are traced. */
  boolean isTraced(GroupId group) {
    long bits = Hashing.sha256().hashBytes(group.toByteArray()).asLong();
    return (bits >>> 11) / RANGE < share;
  }

  /** Begins something whose trace is a group's. */
  <T> T within(GroupId group, Supplier<T> begun) {
    return ScopedValue.where(BEGUN, group).call(begun::get);
  }

  @Override
  public String generateSpanId() {
    return random.generateSpanId();
  }

  @Override
  public String generateTraceId() {
    if (!BEGUN.isBound()) {
      return random.generateTraceId();
    }
    byte[] group = BEGUN.get().toByteArray();
    byte[] id = Hashing.sha256().newHasher().putBytes(salt).putBytes(group).hash().asBytes();
    String hex = HexFormat.of().formatHex(id, 0, TraceId.getLength() / 2);
    return TraceId.isValid(hex) ? hex : random.generateTraceId();
  }
}
