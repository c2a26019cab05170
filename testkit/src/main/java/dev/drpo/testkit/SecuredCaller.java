package dev.drpo.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who calls a service on this machine.
 *
 * @param name for the messages of tests
 * @param settings the caller's keys {@code tls.*} of the configuration; none for one without TLS
 */
public record SecuredCaller(String name, Map<String, String> settings) {
  static final String CERTIFICATE = "tls.certificate";
  static final String KEY = "tls.key";
  static final String TRUSTED = "tls.trusted";

  private static final char[] NO_PASSWORD = {};

  public SecuredCaller {
    settings = Map.copyOf(settings);
  }

  /** Begins a request to a port for HTTP, in the way that this caller speaks. */
  public HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(
        URI.create((settings.isEmpty() ? "http" : "https") + "://localhost:" + port + path));
  }

  /**
   * Sends a request, on a connection of its own.
   *
   * @throws IOException if the other end does not let this caller in
   */
  public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    try (HttpClient client = client()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  /** A client that has no connection yet. */
  public HttpClient client() throws IOException {
    HttpClient.Builder client = HttpClient.newBuilder();
    return settings.isEmpty() ? client.build() : client.sslContext(context()).build();
  }

  /**
   * What a port shows to a new connection.
   *
   * @throws IOException if nothing comes of the connection
   */
  public Certificate shownBy(int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context().getSocketFactory().createSocket("localhost", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private SSLContext context() throws IOException {
    try {
      KeyStore trusted = empty();
      trusted.setCertificateEntry("trusted", certificate(TRUSTED));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyStore own = empty();
      if (settings.containsKey(CERTIFICATE)) {
        own.setKeyEntry("own", key(), NO_PASSWORD, new Certificate[] {certificate(CERTIFICATE)});
      }
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(name + " can't be set up", e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private Certificate certificate(String setting) throws GeneralSecurityException, IOException {
    try (InputStream file = Files.newInputStream(Path.of(settings.get(setting)))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(file);
    }
  }

  private PrivateKey key() throws GeneralSecurityException, IOException {
    String base64 = Files.readString(Path.of(settings.get(KEY))).replaceAll("-----.*-----", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
  }
}
