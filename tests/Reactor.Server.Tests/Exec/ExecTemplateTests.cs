using NUnit.Framework;
using Reactor.Protocol;
using Reactor.Server.Configuration;
using Reactor.Server.Exec;

namespace Reactor.Server.Tests.Exec;

/// <summary>What is filled into arguments, and what strangers cannot do by it.</summary>
[TestFixture]
public sealed class ExecTemplateTests
{
    private static readonly ExecFields Usual = new("live/deep", "a")
    {
        Parameters = Query("token=x%26y&n=-1"),
        Address = "10.0.0.1",
        Client = "FMLE/3.0",
        Page = "http://p/",
        TcUrl = "rtmp://h/live",
        Path = "record/live/a_1.flv",
        Recorder = "all",
        Seconds = "12.5",
    };

    [TestCase("{app}", "live/deep")]
    [TestCase("x{stream}y", "xay")]
    [TestCase("q={query.token}", "q=x&y")]
    [TestCase("{query.none}", "")]
    [TestCase("{addr} {client} {page} {tcurl}", "10.0.0.1 FMLE/3.0 http://p/ rtmp://h/live")]
    [TestCase("{path}|{filename}|{basename}|{dirname}",
        "record/live/a_1.flv|a_1.flv|a_1|record/live")]
    [TestCase("{recorder} {duration}", "all 12.5")]
    [TestCase("{other} {} {", "{other} {} {")]
    [TestCase("$app/$name", "live/deep/a")]
    [TestCase("${name}_hi $name_hi", "a_hi $name_hi")]
    [TestCase("$addr $flashver $basename", "10.0.0.1 FMLE/3.0 a_1")]
    [TestCase("x?$args", "x?token=x%26y&n=-1")]
    [TestCase("$HOME $ ${x} ${name $$", "$HOME $ ${x} ${name $$")]
    public void Words_are_filled_in(string argument, string filled)
    {
        Assert.That(Fill(argument, Usual), Is.EqualTo(filled));
    }

    [TestCase("a b\"'", Description = "stays one argument")]
    [TestCase("$(reboot);`x`|y")]
    [TestCase("{app}", Description = "is not filled in again")]
    public void A_value_is_a_part_of_one_argument_whatever_is_in_it(string name)
    {
        Assert.That(Fill("{stream}", Usual with { Stream = name }), Is.EqualTo(name));
        Assert.That(Fill("x $name y", Usual with { Stream = name }), Is.EqualTo($"x {name} y"));
    }

    [TestCase("rtmp://h/{app}/{stream}", "rtmp://h/live/deep/a%3Fb%7C%2Fetc%20%5B")]
    [TestCase("[f=flv]rtmp://h/x/$name|b", "[f=flv]rtmp://h/x/a%3Fb%7C%2Fetc%20%5B|b")]
    [TestCase("rtmp://h/x?t={query.token}", "rtmp://h/x?t=x%26y")]
    [TestCase("rtmp://h/x?$args", "rtmp://h/x?token=x%26y&n=-1")]
    public void In_a_URL_a_value_is_no_other_part_of_it(string argument, string filled)
    {
        Assert.That(Fill(argument, Usual with { Stream = "a?b|/etc [" }), Is.EqualTo(filled));
    }

    [TestCase("{stream}")]
    [TestCase("$name")]
    [TestCase("{stream}.flv")]
    [TestCase("{query.n}")]
    public void A_value_does_not_become_an_option(string argument)
    {
        var fields = Usual with { Stream = "-rf" };

        Assert.That(
            ExecTemplate.TryFill(new ExecRule(["x", argument]), fields, out _, out var why),
            Is.False);
        Assert.That(why, Does.Contain("would be an option"));
    }

    [TestCase("--name={stream}", "--name=-rf")]
    [TestCase("rtmp://h/x/{stream}", "rtmp://h/x/-rf")]
    [TestCase("{path}", "./-rf.flv", Description = "the same file")]
    [TestCase("{filename}", "./-rf.flv")]
    [TestCase("{dirname}", ".")]
    public void Where_it_would_be_none_it_may_begin_like_one(string argument, string filled)
    {
        Assert.That(
            Fill(argument, Usual with { Stream = "-rf", Path = "-rf.flv" }), Is.EqualTo(filled));
    }

    [Test]
    public void A_value_has_no_control_characters_and_an_argument_is_not_endless()
    {
        Assert.That(Refusal("x{query.a}", "a=b%00c"), Does.Contain("control character"));
        Assert.That(Refusal("x{query.a}", "a=b%0Ac"), Does.Contain("control character"));
        var longest = new string('b', ExecTemplate.CharactersMax - 1);
        Assert.That(Refusal("x{query.a}", $"a={longest}"), Is.Empty);
        Assert.That(Refusal("xx{query.a}", $"a={longest}"), Does.Contain("more than"));
    }

    private static string Refusal(string argument, string query)
    {
        var fields = Usual with { Parameters = Query(query) };
        _ = ExecTemplate.TryFill(new ExecRule(["x", argument]), fields, out _, out var why);
        return why;
    }

    private static QueryParameters Query(string text)
    {
        var parameters = new QueryParameters();
        parameters.Add(text);
        return parameters;
    }

    private static string Fill(string argument, ExecFields fields)
    {
        var rule = new ExecRule(["x", argument]);
        Assert.That(ExecTemplate.TryFill(rule, fields, out var filled, out var why), Is.True, why);
        Assert.That(filled, Has.Count.EqualTo(2));
        return filled![1];
    }
}
