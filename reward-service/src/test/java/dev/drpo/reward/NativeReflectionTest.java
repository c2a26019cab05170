package dev.drpo.reward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.objectives.ObjectiveConfig;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/** What a native binary could not find if nobody named it. */
class NativeReflectionTest {
  /** The codecs, which are chosen by names put together at run time. */
  private static final Pattern CODEC =
      Pattern.compile(
          "net/jpountz/(lz4/LZ4(HC)?(JNI|JavaSafe|JavaUnsafe)(Compressor|FastDecompressor|SafeDecompressor)"
              + "|xxhash/XXHash\\d\\d(JNI|JavaSafe|JavaUnsafe)"
              + "|xxhash/StreamingXXHash\\d\\d(JNI|JavaSafe|JavaUnsafe)\\$Factory)\\.class");

  @Test
  void everyClassThatTheKafkaClientsSettingsNameByDefaultIsRegistered() throws IOException {
    Set<String> named =
        Stream.of(
                ProducerConfig.configDef(),
                ConsumerConfig.configDef(),
                AdminClientConfig.configDef())
            .flatMap(definition -> definition.configKeys().values().stream())
            .flatMap(NativeReflectionTest::defaults)
            .filter(NativeReflectionTest::isClass)
            .collect(Collectors.toSet());
    assertThat(named).isNotEmpty();
    assertThat(NativeConfig.reflective()).containsAll(named);
  }

  @Test
  void everyCodecIsRegistered() throws IOException {
    String jar = LZ4Factory.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    try (JarFile classes = new JarFile(jar)) {
      List<String> codecs =
          classes.stream()
              .map(entry -> entry.getName())
              .filter(CODEC.asMatchPredicate())
              .map(name -> name.replace('/', '.').replace(".class", ""))
              .toList();
      assertThat(codecs).isNotEmpty();
      assertThat(NativeConfig.withMembers()).containsAll(codecs);
    }
  }

  @Test
  void everyRegisteredNameIsAClass() throws IOException {
    assertThat(NativeConfig.reflective()).allMatch(NativeReflectionTest::isClass);
  }

  @Test
  void everyPartOfTheConfigurationIsRegistered() {
    List<String> sections =
        Arrays.stream(RunConfig.class.getRecordComponents())
            .map(RecordComponent::getType)
            .filter(Class::isRecord)
            .map(Class::getName)
            .toList();
    assertThat(sections).isNotEmpty();
    assertThat(NativeConfig.withMembers())
        .contains(RunConfig.class.getName())
        .containsAll(sections)
        .containsAll(
            Arrays.stream(ObjectiveConfig.class.getPermittedSubclasses())
                .map(Class::getName)
                .toList());
  }

  private static Stream<String> defaults(ConfigDef.ConfigKey key) {
    Object value = key.defaultValue;
    if (value == null || !key.hasDefault()) {
      return Stream.empty();
    }
    Collection<?> values = value instanceof Collection<?> several ? several : List.of(value);
    return values.stream().map(v -> v instanceof Class<?> c ? c.getName() : v.toString());
  }

  private static boolean isClass(String name) {
    try {
      Class.forName(name, false, NativeReflectionTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
