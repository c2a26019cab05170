package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackNativesTest {
  private static final String DESCRIPTION =
      "version=2.5.1-20241211\nflavor=cu124\nclassifier=linux-x86_64\n";

  @TempDir Path folder;

  private void library() throws IOException {
    jar(
        "main/ai.djl.pytorch.pytorch-native-cu124-2.5.1-linux-x86_64.jar",
        Map.of(
            "native/lib/pytorch.properties", text(DESCRIPTION),
            "pytorch/cu124/linux-x86_64/libc10.so", text("c10"),
            "pytorch/cu124/linux-x86_64/libtorch_cuda.so.gz", zipped("cuda")));
  }

  private void binding(String flavor) throws IOException {
    jar(
        "main/ai.djl.pytorch.pytorch-jni-2.5.1-0.32.0.jar",
        Map.of("jnilib/linux-x86_64/" + flavor + "/libdjl_torch.so", text("jni")));
  }

  @Test
  void theLibraryLiesUnpackedAndItsJarKeepsTheDescriptionAlone() throws IOException {
    library();
    binding("cu124");
    UnpackNatives.unpack(folder.resolve("lib"), folder.resolve("natives"), "/opt/natives");

    assertThat(folder.resolve("natives/libc10.so")).hasContent("c10");
    assertThat(folder.resolve("natives/libtorch_cuda.so")).hasContent("cuda");
    assertThat(folder.resolve("natives/0.32.0-libdjl_torch.so")).hasContent("jni");
    assertThat(folder.resolve("natives/java.options"))
        .hasContent(
            "-DPYTORCH_LIBRARY_PATH=/opt/natives\n-DPYTORCH_VERSION=2.5.1\n-DPYTORCH_FLAVOR=cu124");
    try (JarFile jar =
        new JarFile(
            folder
                .resolve("lib/main/ai.djl.pytorch.pytorch-native-cu124-2.5.1-linux-x86_64.jar")
                .toFile())) {
      assertThat(jar.stream().map(JarEntry::getName))
          .containsExactly("native/lib/pytorch.properties");
    }
    try (Stream<Path> files = Files.list(folder.resolve("lib/main"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void anApplicationWithoutTheLibraryGetsNoOptions() throws IOException {
    jar("main/other.jar", Map.of("a", text("b")));
    UnpackNatives.unpack(folder.resolve("lib"), folder.resolve("natives"), "/opt/natives");
    assertThat(folder.resolve("natives/java.options")).isEmptyFile();
  }

  @Test
  void aBindingForAnotherFlavorIsRefused() throws IOException {
    library();
    binding("cpu");
    assertThatThrownBy(
            () ->
                UnpackNatives.unpack(
                    folder.resolve("lib"), folder.resolve("natives"), "/opt/natives"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no jnilib/linux-x86_64/cu124/libdjl_torch.so");
  }

  private void jar(String name, Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("lib").resolve(name);
    Files.createDirectories(file.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text(text));
    }
    return bytes.toByteArray();
  }
}
