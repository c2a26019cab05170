package dev.drpo.runtime.tls;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.TlsConfig;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** Both ends of gRPC's connections, as a run's settings have them. */
public final class GrpcTls {
  private GrpcTls() {}

  /**
   * Begins a channel, over TLS where authorities are named. Files are read now, and again for each
   * of its connections.
   *
   * @param address host:port; the host is what the server's certificate must be for
   * @throws ConfigException if a file can't be used
   */
  public static NettyChannelBuilder channel(String address, TlsConfig tls) {
    NettyChannelBuilder channel = NettyChannelBuilder.forTarget(address);
    if (!tls.calls()) {
      return channel.usePlaintext();
    }
    return channel.sslContext(new ReadAgainSslContext(tls));
  }

  /**
   * What a client shows and trusts, by what the files hold now.
   *
   * @throws ConfigException if a file can't be used
   */
  static SslContext client(TlsConfig tls) {
    SslContextBuilder context = GrpcSslContexts.forClient();
    if (tls.shows()) {
      use(tls, () -> context.keyManager(new File(tls.certificate()), new File(tls.key())));
    }
    return built(context, tls);
  }

  /**
   * What a server shows and asks for, by what the files hold now.
   *
   * @throws ConfigException if a file can't be used
   */
  public static SslContext server(TlsConfig tls) {
    SslContextBuilder context =
        use(
            tls,
            () -> SslContextBuilder.forServer(new File(tls.certificate()), new File(tls.key())));
    return built(
        GrpcSslContexts.configure(context)
            .clientAuth(tls.asksCallers() ? ClientAuth.REQUIRE : ClientAuth.NONE),
        tls);
  }

  /**
   * Why a call was not answered: its status, and what lies behind a connection that did not come
   * about.
   */
  public static String reason(StatusRuntimeException failure, TlsConfig tls) {
    Status status = failure.getStatus();
    StringBuilder reason = new StringBuilder(status.getCode().name());
    if (status.getDescription() != null) {
      reason.append(' ').append(status.getDescription());
    }
    if (status.getCode() == Status.Code.UNAVAILABLE) {
      Throwable root = failure;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      if (root != failure && root.getMessage() != null) {
        reason.append(": ").append(root.getMessage());
      }
      boolean isReached = !(root instanceof IOException) || root instanceof SSLException;
      if (!isReached) {
        return reason.toString();
      }
      if (!tls.calls()) {
        reason.append("; it is called without TLS: if it speaks TLS, set tls.trusted");
      } else if (!tls.shows()) {
        reason.append("; it is shown no certificate: if it asks for one, set tls.certificate");
      }
    }
    return reason.toString();
  }

  private static SslContext built(SslContextBuilder context, TlsConfig tls) {
    return use(tls, () -> context.trustManager(new File(tls.trusted())).build());
  }

  private interface Step<T> {
    T take() throws SSLException;
  }

  private static <T> T use(TlsConfig tls, Step<T> step) {
    try {
      return step.take();
    } catch (SSLException | IllegalArgumentException e) {
      throw new ConfigException(
          "tls.certificate, tls.key and tls.trusted are %s, %s and %s; they can't be used: %s; name PEM files that this user may read, the key as PKCS #8 that is not encrypted"
              .formatted(
                  tls.certificate().isEmpty() ? "not set" : tls.certificate(),
                  tls.key().isEmpty() ? "not set" : tls.key(),
                  tls.trusted(),
                  e.getMessage()));
    }
  }
}
