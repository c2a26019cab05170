package dev.drpo.learner.service;

import dev.drpo.learner.RunFiles;
import dev.drpo.testkit.BrokerResource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A broker and the inputs of a run for the service under test. */
public final class RunResource extends BrokerResource {
  static final String FILES = "test.files";

  @Override
  protected Map<String, String> write(Path folder) throws IOException {
    RunFiles.write(folder);
    return Map.of(FILES, folder.toString());
  }
}
