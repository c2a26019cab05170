package dev.drpo.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of a service that asks its callers for a certificate, and of those who call it. The
 * folder is all that a test has to know.
 */
public record SecuredFiles(Path folder) {
  /** Property that holds the folder. */
  public static final String FOLDER = "test.secured";

  private static final String AUTHORITY = "ours";
  private static final String TRUSTED = "ca.crt";
  private static final String TOKENS = "tokens";
  private static final String SERVICE = "service";
  private static final String NEXT = "next";
  private static final String KNOWN = "known";
  private static final String FOREIGN = "foreign";
  private static final String LATE = "late";

  /**
   * Writes them.
   *
   * @param callers who get a token; without any, the service asks for none
   */
  public static SecuredFiles write(Path folder, List<String> callers) throws IOException {
    Files.createDirectories(folder);
    TestAuthority ours = new TestAuthority(AUTHORITY);
    ours.trusted(folder.resolve(TRUSTED));
    for (String owner : List.of(SERVICE, NEXT, KNOWN)) {
      ours.issue(folder, owner);
    }
    ours.issueExpired(folder, LATE);
    // Called as ours is: a client keeps back what no authority has issued that it hears named.
    new TestAuthority(AUTHORITY).issue(folder, FOREIGN);
    if (!callers.isEmpty()) {
      Files.write(
          folder.resolve(TOKENS), callers.stream().map(name -> name + " " + token(name)).toList());
    }
    return new SecuredFiles(folder);
  }

  /** The header {@code Authorization} of a caller, who is known if it has a token. */
  public static String bearer(String caller) {
    return "Bearer " + token(caller);
  }

  private static String token(String caller) {
    return "0123456789abcdef-" + caller;
  }

  /** The service's keys of the configuration. */
  public Map<String, String> service() {
    Map<String, String> settings = new HashMap<>(shows(SERVICE).settings());
    settings.put("tls.client-certificate", "required");
    if (Files.exists(folder.resolve(TOKENS))) {
      settings.put("callers.tokens", folder.resolve(TOKENS).toString());
    }
    return settings;
  }

  /** Replaces the service's certificate. */
  public void renew() throws IOException {
    for (String end : List.of(".crt", ".key")) {
      Files.copy(
          folder.resolve(NEXT + end),
          folder.resolve(SERVICE + end),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** One whom the service lets in. */
  public SecuredCaller known() {
    return shows(KNOWN);
  }

  /** Those whom it must not: without a certificate, with such as don't count, and without TLS. */
  public List<SecuredCaller> strangers() {
    return Stream.concat(
            Stream.of(FOREIGN, LATE).map(this::shows),
            Stream.of(
                new SecuredCaller("without a certificate", trusting()),
                new SecuredCaller("without TLS", Map.of())))
        .toList();
  }

  private SecuredCaller shows(String owner) {
    Map<String, String> settings = new HashMap<>(trusting());
    settings.put(SecuredCaller.CERTIFICATE, folder.resolve(owner + ".crt").toString());
    settings.put(SecuredCaller.KEY, folder.resolve(owner + ".key").toString());
    return new SecuredCaller(owner, settings);
  }

  private Map<String, String> trusting() {
    return Map.of(SecuredCaller.TRUSTED, folder.resolve(TRUSTED).toString());
  }
}
