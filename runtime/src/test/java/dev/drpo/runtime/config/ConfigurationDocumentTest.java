package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocumentTest {
  private static final Path DOCUMENT = repository().resolve("docs/configuration.md");
  private static final String UPDATE = "drpo.docs.update";

  /** Tests run in their module's folder. */
  private static Path repository() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("docs")) ? here : here.getParent();
  }

  @Test
  void theDocumentIsCurrent() throws IOException {
    String text = ConfigurationDocument.text();
    if (Boolean.getBoolean(UPDATE)) {
      Files.writeString(DOCUMENT, text);
    }
    assertThat(Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "")
        .as(
            "%s differs from what the records say; make it anew with"
                + " mvn test -pl runtime -am -Dtest=ConfigurationDocumentTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            DOCUMENT, UPDATE)
        .isEqualTo(text);
  }

  @Test
  void everyKeyHasARow() {
    assertThat(ConfigurationDocument.text())
        .contains(ConfigKeys.all().stream().map(key -> "\n| `" + key.name() + "` | ").toList());
  }
}
