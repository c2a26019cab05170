package dev.drpo.service;

import java.security.Security;

/**
 * How long the addresses of names are remembered. A pod that is replaced has another address by the
 * same name, and the half minute for which the JVM and gRPC remember the old one by default is
 * spent on asking it in vain.
 */
final class NameLookups {
  private static final String FOUND = "networkaddress.cache.ttl";
  private static final String NOT_FOUND = "networkaddress.cache.negative.ttl";
  private static final String SECONDS = "2";

  private NameLookups() {}

  /** Has names looked up again soon; to be called before the first is. */
  static void forgetSoon() {
    Security.setProperty(FOUND, SECONDS);
    Security.setProperty(NOT_FOUND, SECONDS);
    // Where gRPC looks for the same.
    System.setProperty(FOUND, SECONDS);
  }
}
