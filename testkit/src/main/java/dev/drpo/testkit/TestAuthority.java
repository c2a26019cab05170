package dev.drpo.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority that issues certificates for this machine, as PEM files with unencrypted PKCS #8
 * keys.
 */
public final class TestAuthority {
  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final X500Principal name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  /** A certificate and its key in files of their own. */
  public record Issued(Path certificate, Path key) {
    /** Both in one file, the key first. */
    public Path together() throws IOException {
      return Files.writeString(
          certificate.resolveSibling(certificate.getFileName() + ".both"),
          Files.readString(key) + Files.readString(certificate));
    }
  }

  /** An authority that nobody knows yet. */
  public TestAuthority(String name) {
    this.name = new X500Principal("CN=" + name);
    this.keys = keys();
    this.certificate = certificate(this.name, keys, Instant.now().plus(DAY), true);
  }

  /** Writes the authority's own certificate, for those who trust it. */
  public Path trusted(Path file) throws IOException {
    return writeCertificate(file, certificate);
  }

  /** Issues a certificate of a day for localhost and 127.0.0.1. */
  public Issued issue(Path folder, String owner) throws IOException {
    return issue(folder, owner, Instant.now().plus(DAY));
  }

  /** Issues one that has run out an hour ago. */
  public Issued issueExpired(Path folder, String owner) throws IOException {
    return issue(folder, owner, Instant.now().minus(Duration.ofHours(1)));
  }

  private Issued issue(Path folder, String owner, Instant end) throws IOException {
    KeyPair own = keys();
    return new Issued(
        writeCertificate(
            folder.resolve(owner + ".crt"),
            certificate(new X500Principal("CN=" + owner), own, end, false)),
        write(folder.resolve(owner + ".key"), "PRIVATE KEY", own.getPrivate().getEncoded()));
  }

  private X509Certificate certificate(
      X500Principal owner, KeyPair of, Instant end, boolean authority) {
    try {
      JcaX509v3CertificateBuilder certificate =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(end.minus(DAY).minus(DAY)),
              Date.from(end),
              owner,
              of.getPublic());
      certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      certificate.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              }));
      return new JcaX509CertificateConverter()
          .getCertificate(
              certificate.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate can be made", e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no P-256", e);
    }
  }

  private static Path writeCertificate(Path file, X509Certificate certificate) throws IOException {
    try {
      return write(file, "CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path write(Path file, String label, byte[] content) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, base64));
  }
}
