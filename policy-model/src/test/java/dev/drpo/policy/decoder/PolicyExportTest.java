package dev.drpo.policy.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.policy.CheckpointFolder;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Folders that come out of a run, against those that went in. */
class PolicyExportTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  private PolicyFolder source;
  private Path target;
  private RandomWeights weights;

  @BeforeEach
  void writeSource() throws IOException {
    CheckpointFolder checkpoint =
        CheckpointFolder.writeTo(Files.createDirectory(folder.resolve("source")));
    checkpoint.write("chat_template.jinja", "{{ messages[0].content }}  \r\n\n");
    checkpoint.write("special_tokens_map.json", "{ }");
    checkpoint.write("vocab.json", "{\"é\":1}");
    checkpoint.write("merges.txt", "#version: 0.2\n");
    checkpoint.write("README.md", "unrelated");
    source = new PolicyFolder(checkpoint.path());
    target = folder.resolve("deep").resolve("target");
    weights = RandomWeights.of(source.config(), 8);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void anExportOfAnImportIsTheSameBytes(ElementType type) throws IOException {
    weights.write(source.weightsFile(), type);
    PolicyFolder exported = export(PolicyExport.like(source));

    assertThat(exported.path()).isEqualTo(target);
    Map<String, byte[]> expected = files(source.path());
    expected.remove("README.md");
    assertThat(files(target)).containsExactlyEntriesOf(expected);
  }

  /** The safetensors library sorts tensors by name, and a training run's file by layer. */
  @Test
  void theOrderOfTheSourceIsKept() throws IOException {
    List<TensorInfo> byName =
        weights.tensors().keySet().stream().sorted(Comparator.comparing(TensorInfo::name)).toList();
    SafetensorsWriter.write(
        source.weightsFile(),
        byName,
        info -> RandomWeights.bytes(weights.values(info.name()), ElementType.F32));
    export(PolicyExport.like(source));

    assertThat(target.resolve("model.safetensors")).hasSameBinaryContentAs(source.weightsFile());
  }

  @Test
  void weightsAboveAShardsSizeAreSpreadWithAnIndexAndLoadTheSame() throws IOException {
    weights.write(source.weightsFile(), ElementType.BF16);
    long shardBytes = 300;
    PolicyFolder exported = export(PolicyExport.like(source).inShardsOf(shardBytes));
    JsonNode index = JSON.readTree(exported.weightsFile().toFile());
    Set<String> shards = new HashSet<>();
    index.path("weight_map").forEach(shard -> shards.add(shard.asText()));

    assertThat(exported.weightsFile()).hasFileName("model.safetensors.index.json");
    assertThat(index.path("metadata").path("total_size").asLong())
        .isEqualTo(PolicyLayout.of(source.config()).bytes(ElementType.BF16));
    assertThat(shards)
        .hasSizeGreaterThan(2)
        .allMatch(
            shard -> shard.matches("model-\\d{5}-of-%05d\\.safetensors".formatted(shards.size())));
    for (String shard : shards) {
      try (Safetensors opened = Safetensors.open(target.resolve(shard))) {
        long bytes = opened.tensors().stream().mapToLong(TensorInfo::bytes).sum();
        assertThat(bytes <= shardBytes || opened.tensors().size() == 1).isTrue();
      }
      assertThat(Files.readString(target.resolve(shard), StandardCharsets.ISO_8859_1))
          .contains("{\"__metadata__\":{\"format\":\"pt\"},");
    }
    try (Safetensors original = source.openWeights();
        Safetensors spread = exported.openWeights()) {
      assertThat(PolicyDigest.of(spread)).isEqualTo(PolicyDigest.of(original));
    }
  }

  @Test
  void anExportOfShardsIsTheSameShards() throws IOException {
    weights.write(source.weightsFile(), ElementType.F16);
    PolicyFolder first = export(PolicyExport.like(source).inShardsOf(300));
    Path again = folder.resolve("again");
    try (Decoder decoder = engine.decoder(first)) {
      PolicyExport.like(first).inShardsOf(300).write(decoder, again);
    }

    assertThat(files(again)).containsExactlyEntriesOf(files(target));
  }

  @Test
  void anIndexIsWrittenAsPythonWritesIt() throws IOException {
    weights.write(source.weightsFile());
    export(PolicyExport.like(source).inShardsOf(Long.MAX_VALUE - 1));
    assertThat(target.resolve("model.safetensors.index.json")).doesNotExist();
    export(PolicyExport.like(source).inShardsOf(1));
    PolicyLayout layout = PolicyLayout.of(source.config());

    assertThat(Files.readString(target.resolve("model.safetensors.index.json")))
        .startsWith(
            """
            {
              "metadata": {
                "total_parameters": %d,
                "total_size": %d
              },
              "weight_map": {
                "model.embed_tokens.weight": "model-00001-of-00014.safetensors",
                "model.layers.0.input_layernorm.weight": "model-00003-of-00014.safetensors",
            """
                .formatted(layout.parameters(), layout.bytes(ElementType.F32)))
        .endsWith(".safetensors\"\n  }\n}\n");
  }

  @Test
  void anotherElementTypeIsStatedInTheConfig() throws IOException {
    weights.write(source.weightsFile(), ElementType.F32);
    PolicyFolder exported = export(PolicyExport.like(source).as(ElementType.BF16));
    JsonNode config = JSON.readTree(target.resolve("config.json").toFile());

    assertThat(config.path("torch_dtype").asText()).isEqualTo("bfloat16");
    assertThat(exported.config()).isEqualTo(source.config());
    try (Safetensors opened = exported.openWeights()) {
      assertThat(opened.tensors()).allMatch(info -> info.type() == ElementType.BF16);
    }
  }

  @Test
  void aConfigThatStatesTheTypeAlreadyKeepsItsBytes() throws IOException {
    weights.write(source.weightsFile(), ElementType.F32);
    String config = CheckpointFolder.CONFIG.replaceFirst("\\{", "{\"dtype\" :  \"bfloat16\", ");
    Files.writeString(source.path().resolve("config.json"), config);
    export(PolicyExport.like(source).as(ElementType.BF16));

    assertThat(target.resolve("config.json")).hasContent(config);
  }

  @Test
  void anEarlierExportIsReplacedWhole() throws IOException {
    weights.write(source.weightsFile());
    export(PolicyExport.like(source).inShardsOf(1));
    export(PolicyExport.like(source));

    assertThat(files(target).keySet())
        .contains("model.safetensors")
        .noneMatch(name -> name.startsWith("model-") || name.endsWith("index.json"));
    try (Stream<Path> left = Files.list(target.getParent())) {
      assertThat(left).containsExactly(target);
    }
  }

  @Test
  void aFolderOfOtherThingsIsLeftAlone() throws IOException {
    weights.write(source.weightsFile());
    Files.createDirectories(target);
    Files.writeString(target.resolve("thesis.tex"), "precious");

    assertThatThrownBy(() -> export(PolicyExport.like(source)))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContainingAll(target.toString(), "thesis.tex", "another folder");
    assertThat(files(target)).containsOnlyKeys("thesis.tex");
  }

  @Test
  void theSourceItselfIsLeftAlone() throws IOException {
    weights.write(source.weightsFile());
    Map<String, byte[]> before = files(source.path());

    try (Decoder decoder = engine.decoder(source)) {
      assertThatThrownBy(() -> PolicyExport.like(source).write(decoder, source.path()))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("another folder");
    }
    assertThat(files(source.path())).containsExactlyEntriesOf(before);
  }

  @Test
  void anExportThatFailsLeavesTheEarlierOneAndNothingElse() throws IOException {
    weights.write(source.weightsFile());
    export(PolicyExport.like(source));
    Map<String, byte[]> before = files(target);
    try (Decoder decoder = engine.decoder(source)) {
      Files.delete(source.weightsFile());

      assertThatThrownBy(() -> PolicyExport.like(source).write(decoder, target))
          .isInstanceOf(PolicyFormatException.class);
    }
    assertThat(files(target)).containsExactlyEntriesOf(before);
    try (Stream<Path> left = Files.list(target.getParent())) {
      assertThat(left).containsExactly(target);
    }
  }

  @Test
  void aTiedHeadThatTheSourceWritesTwiceIsWrittenOnce() throws IOException {
    Map<TensorInfo, float[]> more = new TreeMap<>(Comparator.comparing(TensorInfo::name));
    more.putAll(weights.tensors());
    more.put(
        TensorInfo.of("lm_head.weight", ElementType.F32, 6, 8),
        weights.values("model.embed_tokens.weight"));
    new RandomWeights(more).write(source.weightsFile());
    PolicyFolder exported = export(PolicyExport.like(source));

    try (Safetensors opened = exported.openWeights()) {
      assertThat(opened.tensors())
          .hasSize(weights.tensors().size())
          .noneMatch(info -> info.name().equals("lm_head.weight"));
    }
  }

  private PolicyFolder export(PolicyExport export) throws IOException {
    try (Decoder decoder = engine.decoder(source)) {
      return export.write(decoder, target);
    }
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }
}
