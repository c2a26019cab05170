package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dthird-party.update} writes the list anew, where there are bills of materials. */
class ThirdPartyIT {
  /**
   * Those that ask for no more than their text and their authors' names, or for changes to their
   * own files; and LGPL, since every library is a jar of its own that anyone may replace.
   */
  private static final Set<String> PERMITTED =
      Set.of(
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "CC0-1.0",
          "EPL-1.0",
          "EPL-2.0",
          ThirdParty.LGPL,
          "MIT",
          "MIT-0");

  /** What jinjava, which is under Apache-2.0, brings along: neither jars nor POMs say. */
  private static final Set<String> UNSTATED =
      Set.of(
          "com.hubspot:algebra",
          "com.hubspot.immutables:hubspot-style",
          "com.hubspot.immutables:immutable-collection-encodings",
          "com.hubspot.immutables:immutables-exceptions");

  @BeforeAll
  static void update() throws IOException {
    if (System.getProperty("third-party.update") != null) {
      ThirdParty.write(List.of("reward", "rollout", "learner"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reward", "rollout", "learner"})
  void everyLibraryOfAnImageIsListed(String service) throws IOException {
    List<Pattern> listed =
        ThirdParty.listed().keySet().stream()
            .map(it -> Pattern.compile(Pattern.quote(it.replace(':', '.')) + "-\\d.*\\.jar"))
            .toList();
    assertThat(ThirdParty.packaged(service))
        .isNotEmpty()
        .allMatch(jar -> listed.stream().anyMatch(it -> it.matcher(jar).matches()));
  }

  @Test
  void everyListedLibraryHasALicenceThatIsPermitted() throws IOException {
    Map<String, List<String>> listed = ThirdParty.listed();
    assertThat(listed).isNotEmpty();
    listed.values().removeIf(licences -> licences.stream().anyMatch(PERMITTED::contains));
    assertThat(listed.keySet())
        .as("libraries without a licence that is permitted")
        .isEqualTo(UNSTATED);
    assertThat(listed.values()).containsOnly(List.of(ThirdParty.UNKNOWN));
  }
}
