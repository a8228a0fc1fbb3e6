using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Reactor.Testing;

/// <summary>A self-signed certificate for <c>localhost</c>.</summary>
public sealed class TestCertificate
{
    private static readonly DateTimeOffset Day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TestCertificate(bool isRsa = false, int days = 36_500)
    {
        using var rsa = isRsa ? RSA.Create(2048) : null;
        using var curve = isRsa ? null : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        const string name = "CN=localhost";
        var request = rsa is null
            ? new CertificateRequest(name, curve!, HashAlgorithmName.SHA256)
            : new CertificateRequest(
                name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(true, false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(Day, Day.AddDays(days));
        Certificate = certificate.ExportCertificatePem();
        Key = rsa is null ? curve!.ExportPkcs8PrivateKeyPem() : rsa.ExportRSAPrivateKeyPem();
    }

    /// <summary>One for all who do not care which.</summary>
    public static TestCertificate Shared { get; } = new();

    /// <summary>PEM.</summary>
    public string Certificate { get; }

    /// <summary>PEM.</summary>
    public string Key { get; }
}
