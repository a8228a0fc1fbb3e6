using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Storage;

/// <summary>Stream names from the network never reach the file system unmapped (Q43).</summary>
[TestFixture]
public sealed class SafeNameTests
{
    private static readonly string[] Hostile =
    [
        "", ".", "..", "...", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "..\\..\\win.ini",
        "C:\\x", "\\\\host\\share", "file:///etc/passwd", "a\0b", "a\nb", "a\rb", "\u001b[31m",
        "~", "~root", "$HOME", "`id`", "$(id)", "; rm -rf", "-rf", "|", "*", "?", "<>", "\"", "'",
        "%2e%2e%2f", "%", "%%", "a%2Fb", "con", "CON.flv", "nul", "com1", "lpt9.ts", "aux.",
        ".htaccess", ".git", "name.", "name ", " name", "\u202egnp.exe", "\uff0e\uff0e\uff0f",
        "直播", "e\u0301", "\u00e9", "\ud83d\ude00", "a:stream", "index.m3u8:$DATA",
    ];

    [TestCase("camera1")]
    [TestCase("room-7_hd.v2")]
    [TestCase("CONference")]
    [TestCase("a..b")]
    [TestCase("-rf", Description = "a path is never the first word of a command line")]
    public void A_plain_name_stays_as_it_is(string name)
    {
        Assert.That(SafeName.Of(name), Is.EqualTo(name));
    }

    [TestCase("../x", "%2E.%2Fx")]
    [TestCase("a/b", "a%2Fb")]
    [TestCase("50%", "50%25")]
    [TestCase("..", "%2E%2E")]
    [TestCase("直播", "%E7%9B%B4%E6%92%AD")]
    [TestCase("nul.flv", "%6Eul.flv")]
    [TestCase("", "%")]
    public void Everything_else_is_escaped(string name, string part)
    {
        Assert.That(SafeName.Of(name), Is.EqualTo(part));
    }

    [TestCaseSource(nameof(Hostile))]
    public void A_hostile_name_becomes_one_plain_part(string name)
    {
        AssertIsPlain(SafeName.Of(name));
    }

    [Test]
    public void Names_share_a_part_only_if_they_are_equal()
    {
        var random = new Random(1);
        const string alphabet = "./%\\a~2eE\u00e9\0";
        var names = new HashSet<string>(Hostile);
        for (var i = 0; i < 20_000; i++)
        {
            var length = i % 10 == 0 ? random.Next(150, 600) : random.Next(1, 5);
            names.Add(string.Create(length, random, (text, luck) =>
            {
                foreach (ref var letter in text)
                    letter = alphabet[luck.Next(alphabet.Length)];
            }));
        }

        Assert.That(names.Select(SafeName.Of).Distinct().Count(), Is.EqualTo(names.Count));
    }

    [Test]
    public void A_name_of_any_length_becomes_a_part_that_file_systems_take(
        [Range(SafeName.PartMax - 3, SafeName.PartMax + 3)] int length)
    {
        foreach (var letter in new[] { 'a', '/', '\u00e9', '.' })
        {
            var name = new string(letter, length);
            AssertIsPlain(SafeName.Of(name));
            Assert.That(SafeName.Of(name), Is.Not.EqualTo(SafeName.Of(name + "b")));
        }
    }

    private static void AssertIsPlain(string part)
    {
        Assert.That(part, Has.Length.InRange(1, SafeName.PartMax));
        Assert.That(part, Does.Match("^[A-Za-z0-9_%~-][A-Za-z0-9._%~-]*$"));
        Assert.That(part, Does.Not.EndWith("."));
        Assert.That(part, Does.Not.Match("(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])([.]|$)"));
    }
}
