package dev.drpo.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.problems.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an evaluation's figures depend on, so that a number can be traced, and samples of two
 * configurations never get into one file.
 *
 * @param json as {@code manifest.json} holds it
 */
record Manifest(ObjectNode json) {
  static final String FILE = "manifest.json";

  private static final int FORMAT = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Where a thing lies says nothing about what it is. */
  private static final Set<String> PLACES = Set.of("path", "file");

  /**
   * Of an evaluation.
   *
   * @param policy what is evaluated
   */
  static Manifest of(
      ObjectNode policy, SamplerSettings sampler, Conventions conventions, List<EvalSet> sets) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.put("program", program());
    ObjectNode verifier = json.putObject("verifier").put("version", Judge.VERSION);
    ObjectNode chosen = verifier.putObject("conventions");
    new TreeMap<>(conventions.changes()).forEach(chosen::put);
    json.set("policy", policy);
    json.putObject("sampler")
        .put("samples", sampler.samples())
        .put("temperature", sampler.temperature())
        .put("topP", sampler.topP())
        .put("maxTokens", sampler.maxTokens())
        .put("seed", sampler.seed());
    ObjectNode data = json.putObject("sets");
    for (EvalSet set : sets) {
      data.putObject(set.name())
          .put("file", set.file().toString())
          .put("sha256", set.sha256())
          .put("problems", set.problems().size());
    }
    return new Manifest(json);
  }

  private static String program() {
    String version = Manifest.class.getPackage().getImplementationVersion();
    return version == null ? "not packaged" : version;
  }

  /**
   * Reads a folder's.
   *
   * @param option which named the folder
   * @throws UsageError if there is none that can be read
   */
  static Manifest read(String option, Path folder) {
    Path file = folder.resolve(FILE);
    try {
      if (MAPPER.readTree(Files.readString(file)) instanceof ObjectNode json
          && json.path("format").asInt() == FORMAT) {
        return new Manifest(json);
      }
    } catch (IOException e) {
      // Told below, as one that is malformed.
    }
    throw new UsageError(
        "%s is %s, whose %s can't be read; give a folder that ./drpo eval of this version wrote"
            .formatted(option, folder, FILE));
  }

  /** The first thing in which another one differs, as a sentence; places don't count. */
  Optional<String> difference(Manifest there, String... keys) {
    TreeMap<String, String> here = new TreeMap<>();
    TreeMap<String, String> other = new TreeMap<>();
    flatten("", json, here);
    flatten("", there.json, other);
    Set<String> all = new TreeSet<>(here.keySet());
    all.addAll(other.keySet());
    for (String key : all) {
      boolean counts = keys.length == 0;
      for (String prefix : keys) {
        counts |= key.equals(prefix) || key.startsWith(prefix + ".");
      }
      String mine = here.getOrDefault(key, "absent");
      String theirs = other.getOrDefault(key, "absent");
      if (counts && !mine.equals(theirs)) {
        return Optional.of("%s is %s there and %s here".formatted(key, theirs, mine));
      }
    }
    return Optional.empty();
  }

  private static void flatten(String path, JsonNode node, TreeMap<String, String> values) {
    if (!node.isObject()) {
      values.put(path, node.isTextual() ? node.asText() : node.toString());
      return;
    }
    for (var field : node.properties()) {
      if (!PLACES.contains(field.getKey())) {
        flatten(
            path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
            field.getValue(),
            values);
      }
    }
  }

  /** A short name of the configuration: the first digits of its hash. */
  String digest() {
    TreeMap<String, String> values = new TreeMap<>();
    flatten("", json, values);
    return Sha256.of(values.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 12);
  }

  /** The file's text. */
  String text() throws IOException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }
}
