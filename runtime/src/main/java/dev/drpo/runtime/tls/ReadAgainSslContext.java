package dev.drpo.runtime.tls;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.TlsConfig;
import io.netty.buffer.ByteBufAllocator;
import javax.net.ssl.SSLEngine;
import org.jboss.logging.Logger;

/**
 * A client's, whose files are read again for each connection, since a channel outlives its
 * certificate. While they can't be used, what they held before is shown.
 */
final class ReadAgainSslContext extends RenewedSslContext {
  private static final Logger LOG = Logger.getLogger(ReadAgainSslContext.class);

  private final TlsConfig tls;

  /**
   * Reads them for the first time.
   *
   * @throws ConfigException if a file can't be used
   */
  ReadAgainSslContext(TlsConfig tls) {
    super(GrpcTls.client(tls));
    this.tls = tls;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator memory) {
    readAgain();
    return super.newEngine(memory);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator memory, String peerHost, int peerPort) {
    readAgain();
    return super.newEngine(memory, peerHost, peerPort);
  }

  private void readAgain() {
    try {
      renew(GrpcTls.client(tls));
    } catch (ConfigException e) {
      LOG.warnf("calls go on with the certificate that this process has: %s", e.getMessage());
    }
  }
}
