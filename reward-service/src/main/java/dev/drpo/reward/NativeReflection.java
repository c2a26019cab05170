package dev.drpo.reward;

import dev.drpo.objectives.Alp;
import dev.drpo.objectives.Dapo;
import dev.drpo.objectives.Ddca;
import dev.drpo.objectives.Disco;
import dev.drpo.objectives.Dler;
import dev.drpo.objectives.DrGrpo;
import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.Gr3;
import dev.drpo.objectives.Grpo;
import dev.drpo.objectives.GrpoLength;
import dev.drpo.objectives.Hapo;
import dev.drpo.objectives.KimiLength;
import dev.drpo.objectives.L1Max;
import dev.drpo.objectives.Laser;
import dev.drpo.objectives.RlooLp;
import dev.drpo.objectives.ShorterBetter;
import dev.drpo.runtime.config.CallersConfig;
import dev.drpo.runtime.config.OptimizerConfig;
import dev.drpo.runtime.config.RewardConfig;
import dev.drpo.runtime.config.RolloutConfig;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.SamplesConfig;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.config.TracingConfig;
import dev.drpo.runtime.config.TrackingConfig;
import dev.drpo.runtime.config.TrainingConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What is found by its name at run time and so must be named for a native binary: the run's
 * configuration, whose records Jackson fills and whose components say what the keys are; classes
 * that the Kafka client's settings name by default, or may name to reach a broker safely; and the
 * codecs among which its compression chooses. All of them come with their members; what names a
 * class that is not packaged can only be registered without, in {@code META-INF/native-image},
 * where the fields are that native code sets. Tests compare the lists with what the libraries ask
 * for. Generated messages are registered by Quarkus.
 */
@RegisterForReflection(
    targets = {
      RunConfig.class,
      RunConfig.Run.class,
      RunConfig.Kafka.class,
      RunConfig.Data.class,
      RunConfig.Policy.class,
      RunConfig.Sampling.class,
      OptimizerConfig.class,
      TrainingConfig.class,
      RunConfig.Evaluation.class,
      RolloutConfig.class,
      RunConfig.Weights.class,
      RewardConfig.class,
      RunConfig.Learner.class,
      SamplesConfig.class,
      TrackingConfig.class,
      TracingConfig.class,
      TlsConfig.class,
      CallersConfig.class,
      Drpo.Config.class,
      Disco.Config.class,
      Grpo.Config.class,
      GrpoLength.Config.class,
      DrGrpo.Config.class,
      Dapo.Config.class,
      RlooLp.Config.class,
      Alp.Config.class,
      Hapo.Config.class,
      L1Max.Config.class,
      Dler.Config.class,
      Ddca.Config.class,
      Gr3.Config.class,
      Laser.Config.class,
      KimiLength.Config.class,
      ShorterBetter.Config.class
    },
    classNames = {
      "dev.drpo.runtime.messaging.RenewedTls",
      "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
      "org.apache.kafka.clients.consumer.RangeAssignor",
      "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
      "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
      "org.apache.kafka.common.config.provider.FileConfigProvider",
      "org.apache.kafka.common.metrics.JmxReporter",
      "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever",
      "org.apache.kafka.common.security.plain.PlainLoginModule",
      "org.apache.kafka.common.security.scram.ScramLoginModule",
      "org.apache.kafka.common.security.ssl.DefaultSslEngineFactory",
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
