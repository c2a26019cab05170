package dev.drpo.learner.checkpoint;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.reports.RunCounts;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a manifest lies in {@code checkpoint.json}, in formats 0 and 1: the policy's version and the
 * counts are flat, versions are digests by step, and dead letters, which are counted again from
 * their log, are left out.
 */
final class ManifestJson {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addMixIn(CheckpointManifest.class, Manifest.class)
          .addMixIn(PolicyVersion.class, Version.class)
          .addMixIn(PolicyDigest.class, Digest.class)
          .addMixIn(RunCounts.class, Counts.class)
          .addMixIn(RunCounts.Groups.class, Groups.class)
          .build();

  private ManifestJson() {}

  private record Manifest(
      @JsonUnwrapped PolicyVersion policy,
      @JsonProperty("digests")
          @JsonSerialize(converter = ToDigests.class)
          @JsonDeserialize(converter = ToVersions.class)
          List<PolicyVersion> versions) {}

  private record Version(long step, @JsonProperty("policyDigest") PolicyDigest digest) {}

  private record Digest(@JsonValue String hex) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    private Digest {}
  }

  private record Counts(@JsonUnwrapped RunCounts.Groups groups) {}

  @JsonIgnoreProperties("deadLetters")
  private record Groups() {}

  private static final class ToDigests
      extends StdConverter<List<PolicyVersion>, SortedMap<Long, PolicyDigest>> {
    @Override
    public SortedMap<Long, PolicyDigest> convert(List<PolicyVersion> versions) {
      SortedMap<Long, PolicyDigest> digests = new TreeMap<>();
      versions.forEach(version -> digests.put(version.step(), version.digest()));
      return digests;
    }
  }

  private static final class ToVersions
      extends StdConverter<SortedMap<Long, PolicyDigest>, List<PolicyVersion>> {
    @Override
    public List<PolicyVersion> convert(SortedMap<Long, PolicyDigest> digests) {
      return digests.entrySet().stream()
          .map(entry -> new PolicyVersion(entry.getKey(), entry.getValue()))
          .toList();
    }
  }
}
