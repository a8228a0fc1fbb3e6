using System;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing;
using Reactor.Testing.Simulation;
using Reactor.Transport.Network;

namespace Reactor.Server.Tests.Tls;

/// <summary>Certificates that are replaced while the server runs.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TlsFilesTests : IDisposable
{
    private static readonly TestCertificate First = new(days: 10_000);
    private static readonly TestCertificate Second = new(days: 20_000);

    private readonly ServerInMemory _server = new();
    private readonly TlsFiles _files;
    private readonly TlsIdentity _first;
    private HttpsOptions _options = new();

    public TlsFilesTests()
    {
        Put(First.Certificate, First.Key);
        _files = new TlsFiles(_server.Server, "https", _ => _options);
        _first = _files.Identity;
    }

    [Test]
    public void A_new_pair_is_shown_within_ten_seconds()
    {
        Put(Second.Certificate, Second.Key);
        Pass(9000);
        Assert.That(_files.Identity, Is.SameAs(_first), "not yet");

        Pass(2000);
        Assert.That(_files.Identity.NotAfter, Is.GreaterThan(_first.NotAfter));
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void The_same_pair_is_not_read_into_another()
    {
        Pass(60_000);

        Assert.That(_files.Identity, Is.SameAs(_first));
    }

    [Test]
    public void Two_files_may_be_replaced_one_after_the_other()
    {
        _server.Disk.Put("server.crt", Encoding.ASCII.GetBytes(Second.Certificate));
        Pass(30_000);
        Assert.That(_files.Identity, Is.SameAs(_first), "the key is not of this certificate");

        _server.Disk.Put("server.key", Encoding.ASCII.GetBytes(Second.Key));
        Pass(11_000);
        Assert.That(_files.Identity.NotAfter, Is.GreaterThan(_first.NotAfter));
    }

    [TestCase("")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void What_cannot_be_used_leaves_the_last_good_pair(string certificate)
    {
        Put(certificate, First.Key);
        Pass(30_000);
        Assert.That(_files.Identity, Is.SameAs(_first));

        Put(First.Certificate, First.Key);
        Pass(11_000);
        Assert.That(_files.Identity, Is.SameAs(_first));
    }

    [Test]
    public void A_disk_that_fails_leaves_the_last_good_pair()
    {
        Put(Second.Certificate, Second.Key);
        _server.Disk.Faults = new DiskFaults { Failing = 1000 };
        Pass(30_000);
        Assert.That(_files.Identity, Is.SameAs(_first));

        _server.Disk.Faults = DiskFaults.None;
        Pass(11_000);
        Assert.That(_files.Identity, Is.Not.SameAs(_first));
    }

    [Test]
    public void Without_reload_cert_only_a_reload_looks()
    {
        _options = _options with { ReloadCert = false };
        Put(Second.Certificate, Second.Key);
        Pass(60_000);
        Assert.That(_files.Identity, Is.SameAs(_first));

        _files.Ask();
        Pass(200);
        Assert.That(_files.Identity.NotAfter, Is.GreaterThan(_first.NotAfter));
    }

    [Test]
    public void Other_options_hold_for_whoever_connects_after_a_reload()
    {
        _options = _options with { MinVersion = TlsVersion.Tls13 };
        _files.Ask();
        Pass(200);

        Assert.That(_files.Identity, Is.Not.SameAs(_first));
    }

    public void Dispose() => _server.Dispose();

    private void Put(string certificate, string key)
    {
        _server.Disk.Put("server.crt", Encoding.ASCII.GetBytes(certificate));
        _server.Disk.Put("server.key", Encoding.ASCII.GetBytes(key));
    }

    private void Pass(int milliseconds)
    {
        for (var passed = 0; passed < milliseconds; passed += 200)
        {
            _server.Turn(afterMs: 200);
            _files.Check(_server.Server.Loop.NowMs);
        }
        _server.Turn();
    }
}
