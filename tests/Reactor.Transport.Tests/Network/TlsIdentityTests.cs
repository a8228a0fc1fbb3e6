using System;
using System.Security.Cryptography;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests.Network;

[TestFixture]
public sealed class TlsIdentityTests
{
    private static readonly TestCertificate Shared = TestCertificate.Shared;

    [TestCase(false)]
    [TestCase(true)]
    public void A_certificate_and_its_key_are_read_of_either_kind(bool isRsa)
    {
        var made = new TestCertificate(isRsa);

        var identity = TlsIdentity.Read(made.Certificate, made.Key, isTls13Only: true, ["h2"]);

        Assert.That(identity.Subject, Is.EqualTo("CN=localhost"));
        Assert.That(identity.IsSelfSigned, Is.True);
        Assert.That(identity.NotAfter, Is.GreaterThan(new DateTime(2100, 1, 1)));
    }

    [Test]
    public void Certificates_that_vouch_for_ours_may_follow_it()
    {
        var other = new TestCertificate();

        var identity = TlsIdentity.Read(
            Shared.Certificate + "\n" + other.Certificate, Shared.Key, false, []);

        Assert.That(identity.Subject, Is.EqualTo("CN=localhost"));
    }

    [Test]
    public void What_cannot_be_used_is_told_in_one_line()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var how = new PbeParameters(
            PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 1);
        var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem("secret", how);

        Assert.Multiple(() =>
        {
            Refuses("", Shared.Key, "no certificate");
            Refuses("not PEM", Shared.Key, "no certificate");
            Refuses(
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                Shared.Key,
                "no certificate that can be read");
            Refuses(Shared.Certificate, "", "key");
            Refuses(Shared.Certificate, new TestCertificate().Key, "not the key of this");
            Refuses(Shared.Certificate, encrypted, "encrypted");
        });
    }

    private static void Refuses(string certificate, string key, string why)
    {
        var refused = Assert.Throws<TlsIdentityException>(
            () => TlsIdentity.Read(certificate, key, false, []))!;
        Assert.That(refused.Message, Does.Contain(why).And.Not.Contain("\n"));
    }
}
