using System;
using NUnit.Framework;
using Reactor.Server.Authorisation;

namespace Reactor.Server.Tests.Authorisation;

/// <summary>Passwords as the configuration holds them.</summary>
[TestFixture]
public sealed class StoredPasswordTests
{
    private const string Hash = "S2VlcCB0aGlzIHRoaXJ0eS10d28gYnl0ZXMgbG9uZyE=";

    [Test]
    public void One_that_is_derived_is_that_of_the_specification()
    {
        // RFC 7914 §11, the first half.
        var hash = Convert.ToBase64String(Convert.FromHexString(
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"));
        var stored = $"pbkdf2-sha256$80000${Convert.ToBase64String("NaCl"u8)}${hash}";

        Assert.That(StoredPassword.IsUsable(stored));
        Assert.That(StoredPassword.Derives("Password", stored));
        Assert.That(StoredPassword.Derives("password", stored), Is.False);
    }

    [Test]
    public void What_is_made_opens_with_its_password_and_never_looks_the_same()
    {
        var stored = StoredPassword.Make("pass: wörd");

        Assert.That(stored, Does.StartWith("pbkdf2-sha256$600000$"));
        Assert.That(stored, Has.Length.LessThan(256), "what api.users takes");
        Assert.That(StoredPassword.IsUsable(stored));
        Assert.That(StoredPassword.Derives("pass: wörd", stored));
        Assert.That(StoredPassword.Derives("pass: word", stored), Is.False);
        Assert.That(StoredPassword.Make("pass: wörd"), Is.Not.EqualTo(stored));
    }

    [TestCase("plain", true)]
    [TestCase("pbkdf2", true)]
    [TestCase("pbkdf2-sha256$1000$AQ==$" + Hash, true)]
    [TestCase("pbkdf2-sha256$2000000$AQ==$" + Hash, true)]
    [TestCase("pbkdf2-sha256$999$AQ==$" + Hash, false)]
    [TestCase("pbkdf2-sha256$2000001$AQ==$" + Hash, false)]
    [TestCase("pbkdf2-sha256$+1000$AQ==$" + Hash, false)]
    [TestCase("pbkdf2-sha256$1000$$" + Hash, false)]
    [TestCase("pbkdf2-sha256$1000$AQ$" + Hash, false)]
    [TestCase("pbkdf2-sha256$1000$AQ==$AQ==", false)]
    [TestCase("pbkdf2-sha256$1000$AQ==$" + Hash + "$", false)]
    [TestCase("pbkdf2-sha256$", false)]
    public void What_can_be_no_password_is_told_apart(string stored, bool isUsable) =>
        Assert.That(StoredPassword.IsUsable(stored), Is.EqualTo(isUsable));
}
