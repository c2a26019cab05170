package dev.drpo.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Lookups by name in what Quarkus does not know: each is known here, with how a binary finds it.
 */
class NativeLookupsIT {
  private static final Pattern WATCHED =
      Pattern.compile(
          ".*(kafka-clients|lz4-java|zstd-jni|snappy-java).*|(dev\\.drpo\\.|reward-).*");

  private static final Map<String, Set<String>> LOOKUPS =
      Map.of(
          "java/lang/Class",
          Set.of(
              "forName",
              "newInstance",
              "getConstructor",
              "getDeclaredConstructor",
              "getMethod",
              "getMethods",
              "getDeclaredMethod",
              "getDeclaredMethods",
              "getField",
              "getDeclaredField",
              "getDeclaredFields",
              "getRecordComponents",
              "getResource",
              "getResourceAsStream"),
          "java/lang/ClassLoader",
          Set.of("loadClass", "getResource", "getResources", "getResourceAsStream"),
          "java/util/ServiceLoader",
          Set.of("load"),
          "java/lang/reflect/Proxy",
          Set.of("newProxyInstance"),
          "java/lang/System",
          Set.of("load", "loadLibrary"));

  @Test
  void everyPlaceThatLooksSomethingUpByItsNameIsKnown() throws IOException {
    Set<String> found = new TreeSet<>();
    PackagedLibraries.entries(
        WATCHED.asMatchPredicate(),
        (jar, entry) -> {
          if (entry.getName().endsWith(".class")
              && !entry.getName().startsWith("org/apache/kafka/shaded/")) {
            collect(PackagedLibraries.parse(jar, entry), found);
          }
        });
    assertThat(found).containsExactlyInAnyOrderElementsOf(known());
  }

  @Test
  void kafkasClientAndItsCodecsAskForNothingThatIsNotRegistered() throws Exception {
    try (RegisteredOnly loader = new RegisteredOnly(NativeConfig.reflective())) {
      Runnable probe =
          (Runnable) loader.adopt(ClientsProbe.class).getDeclaredConstructor().newInstance();
      Thread.currentThread().setContextClassLoader(loader);
      probe.run();
      assertThat(loader.refused()).isEmpty();
      assertThat(loader.given())
          .contains(
              "org.apache.kafka.common.metrics.JmxReporter",
              "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator",
              "net.jpountz.xxhash.XXHash32JavaUnsafe");
    } finally {
      Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
    }
  }

  private static void collect(ClassModel model, Set<String> found) {
    String type = model.thisClass().asInternalName().replace('/', '.');
    if (type.startsWith("dev.drpo.proto.")) {
      return;
    }
    model
        .methods()
        .forEach(
            method ->
                method.code().stream()
                    .flatMap(it -> it.elementStream())
                    .filter(
                        it ->
                            it instanceof InvokeInstruction call
                                && LOOKUPS
                                    .getOrDefault(call.owner().asInternalName(), Set.of())
                                    .contains(call.name().stringValue()))
                    .findFirst()
                    .ifPresent(_ -> found.add(type + "." + method.methodName().stringValue())));
  }

  private static Set<String> known() throws IOException {
    try (InputStream in = NativeLookupsIT.class.getResourceAsStream("/native-lookups.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(it -> !it.isBlank() && !it.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
