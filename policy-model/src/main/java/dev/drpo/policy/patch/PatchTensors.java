package dev.drpo.policy.patch;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;

/**
 * A bf16 policy's tensors in the order of their names, which is the order that patches number them
 * in: files may hold them in any.
 */
record PatchTensors(List<TensorInfo> infos, List<MemorySegment> data) {
  /** An element's bits. A header of any length may precede them. */
  static final ValueLayout.OfShort BITS =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * The tensors of an open file.
   *
   * @throws PolicyFormatException if one of them is not bf16
   */
  static PatchTensors of(Safetensors files) {
    List<TensorInfo> infos =
        files.tensors().stream().sorted(Comparator.comparing(TensorInfo::name)).toList();
    for (TensorInfo info : infos) {
      if (info.type() != ElementType.BF16) {
        throw new PolicyFormatException(
            "%s holds tensor %s in %s; only bfloat16 policies have patches"
                .formatted(files.path(), info.name(), info.type().configName()));
      }
    }
    return new PatchTensors(infos, infos.stream().map(info -> files.data(info.name())).toList());
  }

  /** Number of all elements. */
  long elements() {
    return infos.stream().mapToLong(TensorInfo::elements).sum();
  }
}
