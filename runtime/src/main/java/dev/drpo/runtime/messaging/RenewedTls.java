package dev.drpo.runtime.messaging;

import dev.drpo.runtime.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jboss.logging.Logger;

/**
 * The certificates by which a client and the broker know each other, read again when what they are
 * read from has changed: a client lives longer than a certificate, and would be let in no more when
 * it connects the next time. Kafka's own clients read theirs once.
 *
 * <p>Made by Kafka, one for each client, by its class name.
 */
public final class RenewedTls implements SslEngineFactory {
  /** Setting that names the user's properties file, which may refer to files of its own. */
  static final String FILE = "drpo.kafka.client-properties";

  /** Connections are opened by the dozen when a broker comes back. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Logger LOG = Logger.getLogger(RenewedTls.class);

  private final LongSupplier nanoTime;
  private Map<String, ?> given = Map.of();
  private Map<String, String> materials = Map.of();
  private DefaultSslEngineFactory current;
  private long lookedAt;

  /** As Kafka makes it. */
  public RenewedTls() {
    this(System::nanoTime);
  }

  RenewedTls(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Adds itself to a client's settings, unless they choose another or have no TLS. */
  static void addTo(Map<String, Object> settings, String file) {
    String protocol = String.valueOf(settings.get("security.protocol"));
    if (protocol.endsWith("SSL")
        && !settings.containsKey(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG)) {
      settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, RenewedTls.class);
      settings.put(FILE, file);
    }
  }

  @Override
  public synchronized void configure(Map<String, ?> configs) {
    given = new HashMap<>(configs);
    materials = materials();
    current = with(materials);
    lookedAt = nanoTime.getAsLong();
  }

  @Override
  public SSLEngine createClientSslEngine(String host, int port, String identification) {
    return newest().createClientSslEngine(host, port, identification);
  }

  /** The newest that can be used: what is half written, or does not fit, is tried again later. */
  private synchronized DefaultSslEngineFactory newest() {
    if (nanoTime.getAsLong() - lookedAt < PAUSE.toNanos()) {
      return current;
    }
    lookedAt = nanoTime.getAsLong();
    try {
      Map<String, String> found = materials();
      if (!found.equals(materials)) {
        DefaultSslEngineFactory renewed = with(found);
        current.close();
        current = renewed;
        materials = found;
        LOG.info("the certificates for the broker have changed and are read again");
      }
    } catch (KafkaException | ConfigException e) {
      LOG.warnf(
          "the certificates for the broker have changed and can't be used, so that the earlier ones"
              + " are: %s",
          e.getMessage());
    }
    return current;
  }

  /** What the file says of TLS, references resolved, and when what it names was changed. */
  private Map<String, String> materials() {
    Map<String, Object> resolved =
        new AbstractConfig(
                new ConfigDef(), ClientProperties.read(String.valueOf(given.get(FILE))), false)
            .originals();
    Map<String, String> found = new TreeMap<>();
    resolved.forEach(
        (name, value) -> {
          if (name.startsWith("ssl.")) {
            found.put(name, String.valueOf(value));
          }
        });
    for (String location :
        Set.of(
            SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG)) {
      if (found.containsKey(location)) {
        found.put(location + " changed", changed(Path.of(found.get(location))));
      }
    }
    return found;
  }

  private static String changed(Path file) {
    try {
      return Files.getLastModifiedTime(file).toString();
    } catch (IOException e) {
      throw new ConfigException(file + " can't be read: " + e);
    }
  }

  private DefaultSslEngineFactory with(Map<String, String> found) {
    ConfigDef known = new ConfigDef();
    SslConfigs.addClientSslSupport(known);
    Map<String, Object> settings = new HashMap<>(given);
    known
        .parse(found)
        .forEach(
            (name, value) -> {
              if (found.containsKey(name)) {
                settings.put(name, value);
              }
            });
    DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
    factory.configure(settings);
    return factory;
  }

  @Override
  public SSLEngine createServerSslEngine(String host, int port) {
    throw new UnsupportedOperationException("clients are no servers");
  }

  @Override
  public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
    return false;
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return Set.of();
  }

  @Override
  public synchronized KeyStore keystore() {
    return current.keystore();
  }

  @Override
  public synchronized KeyStore truststore() {
    return current.truststore();
  }

  @Override
  public synchronized void close() {
    if (current != null) {
      current.close();
    }
  }
}
