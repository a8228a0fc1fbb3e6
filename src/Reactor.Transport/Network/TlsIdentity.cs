using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Reactor.Transport.Network;

/// <summary>A certificate with its key that cannot be used, and why, in one line.</summary>
public sealed class TlsIdentityException : Exception
{
    public TlsIdentityException()
    {
    }

    public TlsIdentityException(string message)
        : base(message)
    {
    }

    public TlsIdentityException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>The certificate that we show, with its key, and what we insist on.</summary>
/// <remarks>Connections keep the one that they began with.</remarks>
public sealed class TlsIdentity
{
    private const int ProtocolBytesMax = 255;   // RFC 7301 §3.1

    private TlsIdentity(X509Certificate2 certificate, SslServerAuthenticationOptions options)
    {
        Subject = certificate.Subject;
        IsSelfSigned = certificate.SubjectName.RawData.AsSpan()
            .SequenceEqual(certificate.IssuerName.RawData);
        NotAfter = certificate.NotAfter.ToUniversalTime();
        Options = options;
    }

    public string Subject { get; }

    /// <summary>Whether nobody vouches for it but itself.</summary>
    public bool IsSelfSigned { get; }

    /// <summary>When it expires, in UTC.</summary>
    public DateTime NotAfter { get; }

    internal SslServerAuthenticationOptions Options { get; }

    /// <summary>Reads a certificate and its key.</summary>
    /// <param name="certificates">PEM: ours first, then those that vouch for it.</param>
    /// <param name="key">PEM: the private key, not encrypted.</param>
    /// <param name="isTls13Only">Whether TLS 1.2 is refused.</param>
    /// <param name="protocols">Protocols that are spoken (ALPN); none for any.</param>
    /// <exception cref="TlsIdentityException">They cannot be used.</exception>
    public static TlsIdentity Read(
        string certificates, string key, bool isTls13Only, IReadOnlyList<string> protocols)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificates);
        }
        catch (CryptographicException broken)
        {
            throw new TlsIdentityException("no certificate that can be read", broken);
        }
        if (chain.Count == 0)
            throw new TlsIdentityException("no certificate in it (-----BEGIN CERTIFICATE-----)");
        var certificate = WithKey(certificates, key);
        chain.RemoveAt(0);
        var context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return new TlsIdentity(certificate, new SslServerAuthenticationOptions
        {
            ServerCertificateContext = context,
            ClientCertificateRequired = false,
            EnabledSslProtocols =
                isTls13Only ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
            ApplicationProtocols = Offer(protocols),
        });
    }

    internal static List<SslApplicationProtocol>? Offer(IReadOnlyList<string> protocols)
    {
        if (protocols.Count == 0)
            return null;
        var offered = new List<SslApplicationProtocol>();
        foreach (var protocol in protocols)
        {
            if (Encoding.UTF8.GetByteCount(protocol) is 0 or > ProtocolBytesMax)
                throw new TlsIdentityException("a protocol's name (ALPN) is empty or too long");
            offered.Add(new SslApplicationProtocol(protocol));
        }
        return offered;
    }

    private static X509Certificate2 WithKey(string certificates, string key)
    {
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new TlsIdentityException("the key is encrypted: store it without a password");
        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificates, key);
            if (!OperatingSystem.IsWindows())
                return certificate;
            // Windows takes a key for TLS only out of a store, or of a file that holds both.
            using (certificate)
            {
                return X509CertificateLoader.LoadPkcs12(
                    certificate.Export(X509ContentType.Pkcs12), password: null);
            }
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            throw new TlsIdentityException(
                "the key is none, or not the key of this certificate", broken);
        }
    }
}
