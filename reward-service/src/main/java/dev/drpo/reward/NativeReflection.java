package dev.drpo.reward;

import dev.drpo.runtime.config.ObjectiveConfig;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What is found by its name at run time and so must be named for a native binary: the run's
 * configuration, which Jackson fills; classes that the Kafka client's settings name by default; and
 * the codecs among which its compression chooses. A test compares the lists with what the libraries
 * ask for. Generated messages are registered by Quarkus.
 */
@RegisterForReflection(
    targets = {
      RunConfig.class,
      RunConfig.Run.class,
      RunConfig.Kafka.class,
      RunConfig.Data.class,
      RunConfig.Policy.class,
      RunConfig.Sampling.class,
      ObjectiveConfig.class,
      RunConfig.Optimizer.class,
      TrainingConfig.class,
      RunConfig.Evaluation.class,
      RunConfig.Rollout.class,
      RunConfig.Weights.class,
      RunConfig.Reward.class,
      RunConfig.Learner.class
    },
    classNames = {
      "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
      "org.apache.kafka.clients.consumer.RangeAssignor",
      "org.apache.kafka.common.metrics.JmxReporter",
      "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever",
      "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator",
      "net.jpountz.lz4.LZ4HCJNICompressor",
      "net.jpountz.lz4.LZ4HCJavaSafeCompressor",
      "net.jpountz.lz4.LZ4HCJavaUnsafeCompressor",
      "net.jpountz.lz4.LZ4JNICompressor",
      "net.jpountz.lz4.LZ4JNIFastDecompressor",
      "net.jpountz.lz4.LZ4JNISafeDecompressor",
      "net.jpountz.lz4.LZ4JavaSafeCompressor",
      "net.jpountz.lz4.LZ4JavaSafeFastDecompressor",
      "net.jpountz.lz4.LZ4JavaSafeSafeDecompressor",
      "net.jpountz.lz4.LZ4JavaUnsafeCompressor",
      "net.jpountz.lz4.LZ4JavaUnsafeFastDecompressor",
      "net.jpountz.lz4.LZ4JavaUnsafeSafeDecompressor",
      "net.jpountz.xxhash.StreamingXXHash32JNI$Factory",
      "net.jpountz.xxhash.StreamingXXHash32JavaSafe$Factory",
      "net.jpountz.xxhash.StreamingXXHash32JavaUnsafe$Factory",
      "net.jpountz.xxhash.StreamingXXHash64JNI$Factory",
      "net.jpountz.xxhash.StreamingXXHash64JavaSafe$Factory",
      "net.jpountz.xxhash.StreamingXXHash64JavaUnsafe$Factory",
      "net.jpountz.xxhash.XXHash32JNI",
      "net.jpountz.xxhash.XXHash32JavaSafe",
      "net.jpountz.xxhash.XXHash32JavaUnsafe",
      "net.jpountz.xxhash.XXHash64JNI",
      "net.jpountz.xxhash.XXHash64JavaSafe",
      "net.jpountz.xxhash.XXHash64JavaUnsafe"
    })
final class NativeReflection {
  private NativeReflection() {}
}
