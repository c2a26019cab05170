package dev.drpo.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;
import org.junit.jupiter.api.Test;

class NameLookupsTest {
  /** The JVM's addresses are kept by the one, gRPC's by the other of the same name. */
  @Test
  void addressesAreKeptForSecondsByTheJvmAndByGrpc() {
    NameLookups.forgetSoon();
    for (String key :
        new String[] {"networkaddress.cache.ttl", "networkaddress.cache.negative.ttl"}) {
      assertThat(Integer.parseInt(Security.getProperty(key))).as(key).isBetween(1, 5);
    }
    assertThat(Integer.getInteger("networkaddress.cache.ttl")).isBetween(1, 5);
  }
}
