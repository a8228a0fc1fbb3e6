using System;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Authorisation;

public class SignedUrlTests
{
    private const long Expires = 1_800_000_000;

    private static readonly SignOptions Md5 = new() { Secret = "nodemedia2017privatekey" };

    private static readonly SignOptions Sha = Md5 with { Algorithm = SignAlgorithm.Sha256 };

    private static readonly DateTimeOffset InTime = DateTimeOffset.FromUnixTimeSeconds(Expires - 1);

    [Test]
    public void The_hash_is_the_one_that_Node_Media_Server_takes()
    {
        var bytes = Encoding.UTF8.GetBytes("/live/stream-1800000000-nodemedia2017privatekey");

        Assert.That(
            SignedUrl.Sign("live/stream", Expires, Md5, ""),
            Is.EqualTo("1800000000-94741522484f51370477350f6da3db50"));
        Assert.That(
            SignedUrl.Sign("live/stream", Expires, Sha, ""),
            Is.EqualTo($"1800000000-{Convert.ToHexStringLower(SHA256.HashData(bytes))}"));
    }

    [Test]
    public void A_signature_holds_until_it_expires_and_its_skew_is_over(
        [Values(SignAlgorithm.Md5, SignAlgorithm.Sha256)] SignAlgorithm algorithm)
    {
        var options = Md5 with { Algorithm = algorithm, ClockSkew = TimeSpan.FromSeconds(60) };
        var sign = SignedUrl.Sign("live/a", Expires, options, "");

        string At(long seconds) => SignedUrl.Check(
            sign, "live/a", options, "", DateTimeOffset.FromUnixTimeSeconds(seconds));
        Assert.That(At(Expires - 100_000), Is.Empty);
        Assert.That(At(Expires + 60), Is.Empty);
        Assert.That(At(Expires + 61), Does.Contain("expired"));
    }

    [Test]
    public void A_signature_opens_only_what_it_was_made_for()
    {
        var sign = SignedUrl.Sign("live/a", Expires, Md5, "");

        Assert.That(Check(sign, "live/a"), Is.Empty);
        Assert.That(Check(sign.ToUpperInvariant(), "live/a"), Is.Empty, "hex digits");
        Assert.That(Check(sign, "live/b"), Does.Contain("wrong"));
        Assert.That(Check(sign.Replace("1800", "1900"), "live/a"), Does.Contain("wrong"));
        Assert.That(Check(sign[..^1], "live/a"), Does.Contain("wrong"));
        Assert.That(
            SignedUrl.Check(sign, "live/a", Md5 with { Secret = "other" }, "", InTime),
            Does.Contain("wrong"));
    }

    [Test]
    public void A_signature_for_an_address_is_good_for_no_other()
    {
        var sign = SignedUrl.Sign("live/a", Expires, Md5, "192.0.2.1");

        Assert.That(SignedUrl.Check(sign, "live/a", Md5, "192.0.2.1", InTime), Is.Empty);
        Assert.That(SignedUrl.Check(sign, "live/a", Md5, "192.0.2.2", InTime), Is.Not.Empty);
        Assert.That(SignedUrl.Check(sign, "live/a", Md5, "", InTime), Is.Not.Empty);
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("1800000000")]
    [TestCase("1800000000-")]
    [TestCase("-1800000000-abc")]
    [TestCase("+1800000000-abc")]
    [TestCase("99999999999999999999-abc")]
    [TestCase(" 1800000000-abc")]
    public void What_is_malformed_opens_nothing(string sign) =>
        Assert.That(Check(sign, "live/a"), Is.Not.Empty);

    [Test]
    public void Hostile_lengths_and_times_do_no_harm()
    {
        Assert.That(Check("1-" + new string('a', 100_000), "live/a"), Does.Contain("malformed"));
        var latest = SignedUrl.Sign("live/a", long.MaxValue, Md5, "");
        Assert.That(Check(latest, "live/a"), Is.Empty, "no sum may overflow");
    }

    [Test]
    public void Without_a_secret_nothing_is_signed()
    {
        var none = new SignOptions();
        var sign = SignedUrl.Sign("live/a", Expires, none, "");

        Assert.That(SignedUrl.Check(sign, "live/a", none, "", InTime), Is.Not.Empty);
    }

    private static string Check(string sign, string path) =>
        SignedUrl.Check(sign, path, Md5, "", InTime);
}
