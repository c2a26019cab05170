package dev.drpo.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.reflect.AccessFlag;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What the build of a native binary links and the binary then lacks, looked for in what the service
 * is packaged with: no such builder is at hand where the project is developed.
 */
class NativeLinkingIT {
  /** Whose libraries Quarkus' own extensions deal with. */
  private static final List<String> DEALT_WITH =
      List.of("io.netty.", "com.aayushatharva.brotli4j.");

  private static final Set<String> LOADING = Set.of("load", "loadLibrary");

  @Test
  void everyClassThatIsRegisteredWithItsMembersFindsTheClassesThatTheseName() throws Exception {
    try (URLClassLoader packaged =
        new URLClassLoader(PackagedLibraries.urls(), ClassLoader.getPlatformClassLoader())) {
      for (String name : NativeConfig.withMembers()) {
        Class<?> type = Class.forName(name, false, packaged);
        assertThatCode(
                () -> {
                  var _ = type.getDeclaredConstructors();
                  var _ = type.getDeclaredMethods();
                  var _ = type.getDeclaredFields();
                })
            .as(name)
            .doesNotThrowAnyException();
      }
    }
  }

  @Test
  void whatLoadsALibraryIsInitialisedAtRunTime() throws IOException {
    List<String> packages = NativeConfig.runTimePackages();
    Set<String> loaders = new TreeSet<>();
    PackagedLibraries.entries(
        _ -> true,
        (jar, entry) -> {
          if (entry.getName().endsWith(".class")) {
            ClassModel model = PackagedLibraries.parse(jar, entry);
            if (loadsALibrary(model)) {
              loaders.add(model.thisClass().asInternalName().replace('/', '.'));
            }
          }
        });
    assertThat(loaders)
        .as("the classes that load a library")
        .contains("net.jpountz.util.Native", "com.github.luben.zstd.util.Native$2");
    assertThat(loaders)
        .allSatisfy(
            loader ->
                assertThat(
                        packages.stream().anyMatch(it -> loader.startsWith(it + "."))
                            || DEALT_WITH.stream().anyMatch(loader::startsWith))
                    .as(loader + " is initialised at build time, when its library is not there")
                    .isTrue());
  }

  private static boolean loadsALibrary(ClassModel model) {
    return StreamSupport.stream(model.constantPool().spliterator(), false)
        .anyMatch(
            it ->
                it instanceof MemberRefEntry member
                    && LOADING.contains(member.name().stringValue())
                    && Set.of("java/lang/System", "java/lang/Runtime")
                        .contains(member.owner().asInternalName()));
  }

  @Test
  void theLibrariesOfTheCodecsAreAmongTheResources() throws IOException {
    List<String> patterns = NativeConfig.resources();
    List<String> libraries = new ArrayList<>();
    PackagedLibraries.entries(
        jar -> jar.contains("lz4-java") || jar.contains("zstd-jni") || jar.contains("snappy-java"),
        (_, entry) -> {
          if (entry.getName().matches("(?i).*linux/(amd64|x86_64)/[^/]+\\.so")) {
            libraries.add(entry.getName());
          }
        });
    assertThat(libraries).as("lz4, zstd and snappy").hasSize(3);
    assertThat(libraries)
        .allMatch(
            library ->
                patterns.stream()
                    .anyMatch(
                        it ->
                            FileSystems.getDefault()
                                .getPathMatcher("glob:" + it)
                                .matches(Path.of(library))));
  }

  @Test
  void everyMemberThatNativeCodeReachesForIsThere() throws Exception {
    for (JsonNode entry : NativeConfig.entries("jni-config.json").toList()) {
      Class<?> type =
          Class.forName(entry.path("name").asText(), false, getClass().getClassLoader());
      for (JsonNode field : entry.path("fields")) {
        assertThat(type.getDeclaredField(field.path("name").asText()).getType())
            .isEqualTo(long.class);
      }
      for (JsonNode method : entry.path("methods")) {
        assertThat(method.path("parameterTypes")).hasSize(1);
        assertThat(type.getDeclaredMethod(method.path("name").asText(), int.class)).isNotNull();
      }
    }
  }

  /** Native code of a method that is not static sets fields of its object. */
  @Test
  void everyStreamOfACodecWithNativeMethodsIsRegisteredForNativeCode() throws IOException {
    Set<String> named = new TreeSet<>();
    PackagedLibraries.entries(
        jar -> jar.contains("kafka-clients"),
        (jar, entry) -> {
          if (entry.getName().matches("org/apache/kafka/common/compress/.*\\.class")) {
            PackagedLibraries.parse(jar, entry)
                .constantPool()
                .forEach(
                    it -> {
                      if (it instanceof ClassEntry type) {
                        named.add(type.asInternalName() + ".class");
                      }
                    });
          }
        });
    Set<String> withNativeMethods = new TreeSet<>();
    PackagedLibraries.entries(
        jar -> jar.contains("lz4-java") || jar.contains("zstd-jni") || jar.contains("snappy-java"),
        (jar, entry) -> {
          if (named.contains(entry.getName())
              && PackagedLibraries.parse(jar, entry).methods().stream()
                  .anyMatch(
                      it ->
                          it.flags().has(AccessFlag.NATIVE)
                              && !it.flags().has(AccessFlag.STATIC))) {
            withNativeMethods.add(entry.getName().replace('/', '.').replace(".class", ""));
          }
        });
    assertThat(withNativeMethods).isNotEmpty();
    assertThat(
            NativeConfig.entries("jni-config.json")
                .map(it -> it.path("name").asText())
                .collect(Collectors.toSet()))
        .containsAll(withNativeMethods);
  }
}
