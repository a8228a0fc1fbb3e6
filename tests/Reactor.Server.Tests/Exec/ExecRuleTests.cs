using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Exec;

/// <summary>How programs are written in reactor.json.</summary>
[TestFixture]
public sealed class ExecRuleTests
{
    [TestCase("ffmpeg -i a b", "ffmpeg|-i|a|b")]
    [TestCase("  x\ty  z ", "x|y|z")]
    [TestCase("x 'a b' \"c 'd'\"", "x|a b|c 'd'")]
    [TestCase("x a\"b c\"d ''", "x|ab cd|")]
    [TestCase("x $HOME * ; | > `y` \\n", "x|$HOME|*|;|||>|`y`|\\n", Description = "no shell")]
    public void A_line_is_split_at_blanks_and_quotes_keep_them(string line, string words)
    {
        Assert.That(ExecRule.TrySplit(line, out var split), Is.True);
        Assert.That(string.Join('|', split!), Is.EqualTo(words));
    }

    [TestCase("x 'a")]
    [TestCase("x \"")]
    public void A_quote_has_an_end(string line)
    {
        Assert.That(ExecRule.TrySplit(line, out _), Is.False);
    }

    [Test]
    public void A_program_is_a_list_or_a_line()
    {
        var exec = Read("""
            { "defaults": { "exec": {
                "exec_push": [["ffmpeg", "-i", "a b"], "ffmpeg -i 'c d'"],
                "exec_pull": "one line", "exec_play": [] } } }
            """).Options.Defaults.Exec;

        Assert.That(exec.ExecPush.Select(rule => string.Join('|', rule.Words)),
            Is.EqualTo(new[] { "ffmpeg|-i|a b", "ffmpeg|-i|c d" }));
        Assert.That(exec.ExecPull.Single().Words, Is.EqualTo(new[] { "one", "line" }));
        Assert.That(exec.ExecPlay, Is.Empty);
    }

    [TestCase("""["ffmpeg", "-i", "a"]""", Description = "one program, written as three")]
    [TestCase("""["ffmpeg", "rtmp://h/a"]""")]
    [TestCase("""[[]]""")]
    [TestCase("""[""]""")]
    [TestCase("""[["ffmpeg", 5]]""")]
    [TestCase("""[["{stream}"]]""", Description = "a stranger would say what is started")]
    [TestCase("""["$name x"]""")]
    [TestCase("""[["/bin/{app}"]]""")]
    [TestCase("""["x 'y"]""")]
    [TestCase("""[["x\u0000y"]]""")]
    [TestCase("5")]
    public void What_is_no_program_is_refused(string value)
    {
        var read = Read($$"""{ "exec_static": {{value}} }""");

        Assert.That(read.Errors, Has.Count.EqualTo(1));
        Assert.That(read.Errors[0].ToString(), Does.Contain("exec_static")
            .And.Contain("a program and its arguments"));
    }

    [Test]
    public void A_line_of_the_command_line_may_have_commas()
    {
        var read = OptionsReader.Read(new ConfigInput
        {
            Sets = ["exec_static=ffmpeg -vf scale=1,2 x"],
        });

        Assert.That(read.Errors, Is.Empty);
        Assert.That(read.Options.ExecStatic.Single().Words,
            Is.EqualTo(new[] { "ffmpeg", "-vf", "scale=1,2", "x" }));
    }

    private static ConfigResult Read(string json) => OptionsReader.Read(new ConfigInput
    {
        File = new ConfigText("reactor.json", Encoding.UTF8.GetBytes(json)),
    });
}
