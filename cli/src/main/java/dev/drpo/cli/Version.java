package dev.drpo.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Drpo.class.getPackage().getImplementationVersion();
    return new String[] {
      "drpo " + (version == null ? "(not packaged)" : version), "Java " + Runtime.version()
    };
  }
}
