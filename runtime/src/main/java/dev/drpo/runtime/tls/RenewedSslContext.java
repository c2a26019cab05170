package dev.drpo.runtime.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/** What one end shows and asks for, which may change for the connections that come next. */
@SuppressWarnings("deprecation") // Part of what a context is, though nobody should build one by it.
public class RenewedSslContext extends SslContext {
  private volatile SslContext current;

  /** Shows the first until it is renewed. */
  public RenewedSslContext(SslContext first) {
    this.current = first;
  }

  /** Connections from now on get this; those that are open go on. */
  public final void renew(SslContext next) {
    current = next;
  }

  @Override
  public boolean isClient() {
    return current.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return current.cipherSuites();
  }

  @Override
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator memory) {
    return current.newEngine(memory);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator memory, String peerHost, int peerPort) {
    return current.newEngine(memory, peerHost, peerPort);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current.sessionContext();
  }
}
