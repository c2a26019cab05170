package dev.drpo.cli.eval;

import dev.drpo.cli.exit.UsageError;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which server to evaluate, as the command line says. */
final class ServerOptions {
  /** Options that mean something with {@code --against} alone. */
  static final String[] OWN = {"--model-name", "--api-key-env", "--concurrency", "--per-request"};

  @Option(
      names = "--against",
      paramLabel = "URL",
      description =
          "Evaluate a server that speaks OpenAI's API, such as a rollout replica, vLLM or "
              + "SGLang, in the place of --model.")
  private Optional<String> url = Optional.empty();

  @Option(
      names = "--model-name",
      paramLabel = "NAME",
      description = "The server's model (default: the only one that it has).")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--api-key-env",
      paramLabel = "VARIABLE",
      description = "Environment variable that holds the key that the server asks for.")
  private Optional<String> keyVariable = Optional.empty();

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "16",
      description = "Requests at once (default: ${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(
      names = "--per-request",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Samples that one request asks for (default: ${DEFAULT-VALUE}). Above 1, the server has "
              + "to give log-probabilities, by which the tokens of each sample are counted.")
  private int perRequest;

  boolean given() {
    return url.isPresent();
  }

  Optional<String> model() {
    return model;
  }

  int concurrency() {
    if (concurrency < 1) {
      throw new UsageError("--concurrency is " + concurrency + "; it must be 1 or more");
    }
    return concurrency;
  }

  int perRequest() {
    if (perRequest < 1) {
      throw new UsageError("--per-request is " + perRequest + "; it must be 1 or more");
    }
    return perRequest;
  }

  /**
   * The API's root, which ends in {@code /v1}.
   *
   * @throws UsageError if it is no address of a server
   */
  URI api() {
    String given = url.orElseThrow().replaceAll("/+$", "");
    try {
      URI api = URI.create(given.endsWith("/v1") ? given : given + "/v1");
      if (api.getHost() != null
          && ("http".equals(api.getScheme()) || "https".equals(api.getScheme()))) {
        return api;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new UsageError(
        "--against is %s; it must be the address of a server, such as http://localhost:8080"
            .formatted(url.get()));
  }

  /**
   * The key, if the server asks for one.
   *
   * @throws UsageError if the variable is not set
   */
  Optional<String> key(Map<String, String> environment) {
    return keyVariable.map(
        variable -> {
          String key = environment.getOrDefault(variable, "");
          if (key.isBlank()) {
            throw new UsageError(
                "--api-key-env is %s, which is not set in the environment; export it"
                    .formatted(variable));
          }
          return key;
        });
  }
}
