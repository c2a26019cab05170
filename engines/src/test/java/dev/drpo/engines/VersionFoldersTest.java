package dev.drpo.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionFoldersTest {
  @TempDir private Path temp;
  private PolicyFolder policy;
  private PolicyVersion version;

  @BeforeEach
  void write() throws IOException {
    policy = TinyPolicy.write(temp.resolve("policy"), 1);
    version = TinyPolicy.version(3, policy.weightsFile());
  }

  @Test
  void aFolderIsAWholePolicyInTheOrderOfItsLayersAndTheTypeThatWasAskedFor() throws IOException {
    try (VersionFolders folders =
        VersionFolders.open(temp.resolve("engine"), policy, ElementType.BF16)) {
      PolicyFolder written = new PolicyFolder(folders.write(version, policy.weightsFile()));
      written.requireLoadable();
      assertThat(written.config()).isEqualTo(policy.config());
      assertThat(Files.readString(written.path().resolve("config.json")))
          .contains("\"torch_dtype\": \"bfloat16\"");
      assertThat(written.path().resolve("tokenizer.json")).exists();
      try (Safetensors weights = written.openWeights()) {
        assertThat(weights.tensors()).extracting(TensorInfo::type).containsOnly(ElementType.BF16);
        List<String> names = weights.tensors().stream().map(TensorInfo::name).toList();
        assertThat(names.getFirst()).isEqualTo("model.embed_tokens.weight");
        assertThat(names.getLast()).isEqualTo("model.norm.weight");
        assertThat(names.lastIndexOf("model.layers.0.mlp.down_proj.weight"))
            .isLessThan(names.indexOf("model.layers.1.input_layernorm.weight"));
      }
    }
  }

  @Test
  void weightsInTheirOwnTypeKeepTheirDigest() throws IOException {
    try (VersionFolders folders =
        VersionFolders.open(temp.resolve("engine"), policy, ElementType.F32)) {
      Path written = folders.write(version, policy.weightsFile());
      assertThat(TinyPolicy.version(3, new PolicyFolder(written).weightsFile())).isEqualTo(version);
    }
  }

  @Test
  void noPathIsUsedTwiceAndNothingIsLeftBehind() throws IOException {
    Path root = temp.resolve("engine");
    Path stale = Files.createDirectories(root.resolve("policy-1-of-a-dead-process"));
    Files.writeString(stale.resolve("model.safetensors"), "x");
    try (VersionFolders folders = VersionFolders.open(root, policy, ElementType.F32)) {
      assertThat(stale).doesNotExist();
      Path first = folders.write(version, policy.weightsFile());
      Path renamed = folders.rename(first, version);
      Path again = folders.write(version, policy.weightsFile());
      assertThat(List.of(first, renamed, again)).doesNotHaveDuplicates();
      assertThat(first).doesNotExist();
      assertThatThrownBy(() -> VersionFolders.open(root, policy, ElementType.F32))
          .isInstanceOf(PolicyFormatException.class)
          .hasMessageContaining("used by another replica")
          .hasMessageContaining("rollout.engine-folder");
    }
    assertThat(root).isDirectoryNotContaining("glob:**/policy-*");
  }

  @Test
  void weightsOfAnotherDigestAreWrittenNowhere() throws IOException {
    Path other = TinyPolicy.weights(temp.resolve("other.safetensors"), 2);
    try (VersionFolders folders =
        VersionFolders.open(temp.resolve("engine"), policy, ElementType.F32)) {
      assertThatThrownBy(() -> folders.write(version, other))
          .isInstanceOf(PolicyFormatException.class)
          .hasMessageContaining("no engine is told of them");
      assertThat(temp.resolve("engine")).isDirectoryNotContaining("glob:**/policy-*");
    }
  }
}
