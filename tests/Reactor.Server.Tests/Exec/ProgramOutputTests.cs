using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Exec;
using Reactor.Testing;

namespace Reactor.Server.Tests.Exec;

/// <summary>What programs print becomes lines of the log, a bounded number.</summary>
[TestFixture]
public sealed class ProgramOutputTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _lines = [];

    [SetUp]
    public void Clear() => _lines.Clear();

    [Test]
    public void Lines_do_not_depend_on_how_they_were_read()
    {
        var bytes = Encoding.UTF8.GetBytes("one\ntwo ä\r\n\nprogress 1\rprogress 2\rlast\nrest");
        foreach (var cut in Wire.EveryCutOf(bytes))
        {
            _lines.Clear();
            var pipe = Open().Open();
            foreach (var piece in cut)
                pipe.Take(piece);
            pipe.End();

            Assert.That(_lines, Is.EqualTo(new[] { "one", "two ä", "last", "rest" }));
        }
    }

    [TestCase(ProgramOutput.LineBytesMax, "")]
    [TestCase(ProgramOutput.LineBytesMax + 1, " ...")]
    public void A_line_is_cut_where_it_is_too_long(int length, string end)
    {
        Print(Open(), new string('x', length) + "\nnext\n");

        var line = new string('x', ProgramOutput.LineBytesMax) + end;
        Assert.That(_lines, Is.EqualTo(new[] { line, "next" }));
    }

    [Test]
    public void A_flood_is_left_out_and_counted()
    {
        var output = Open();
        Print(output, string.Concat(Enumerable.Repeat("x\n", ProgramOutput.LinesAtOnce + 7)));
        Assert.That(_lines, Has.Count.EqualTo(ProgramOutput.LinesAtOnce));

        _time.Advance(1000);
        Print(output, string.Concat(Enumerable.Repeat("y\n", ProgramOutput.LinesPerSecond + 1)));
        Assert.That(_lines[ProgramOutput.LinesAtOnce], Is.EqualTo("(7 lines were left out)"));
        Assert.That(_lines.Count(line => line == "y"), Is.EqualTo(ProgramOutput.LinesPerSecond));

        output.End();
        Assert.That(_lines[^1], Is.EqualTo("(1 lines were left out)"));
    }

    [Test]
    public void Keys_at_the_end_of_URLs_do_not_come_into_the_log()
    {
        var output = Open(
            "ffmpeg", "-i", "rtmp://127.0.0.1/live/a", "rtmp://me:pw@h:1935/live2/KEY?x=1",
            "[f=flv]rtmp://t/live/SECRET|[f=flv]rtmps://u/v/OTHER", "http://plain/");
        Print(output, """
            Output #0, flv, to 'rtmp://me:pw@h:1935/live2/KEY?x=1':
            [tee] rtmp://t/live/SECRET and rtmps://u/v/OTHER failed
            from rtmp://127.0.0.1/live/a, http://plain/

            """);

        Assert.That(_lines, Is.EqualTo(new[]
        {
            "Output #0, flv, to 'rtmp://h:1935/***':",
            "[tee] rtmp://t/*** and rtmps://u/*** failed",
            "from rtmp://127.0.0.1/***, http://plain/",
        }));
    }

    private static void Print(ProgramOutput output, string text)
    {
        var pipe = output.Open();
        pipe.Take(Encoding.UTF8.GetBytes(text));
        pipe.End();
    }

    private ProgramOutput Open(params string[] arguments) => new(
        new ProgramCommand(arguments.Length > 0 ? arguments : ["x"], "live/a"),
        _time, _lines.Add);
}
