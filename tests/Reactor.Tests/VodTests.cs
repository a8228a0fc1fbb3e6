using System.Globalization;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>ffmpeg plays and seeks in files that are served as recordings.</summary>
[TestFixture]
public sealed class VodTests
{
    private TemporaryFolder _folder = null!;
    private ReactorProcess _server = null!;

    [SetUp]
    public void Serve()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(_folder.Path, "live"));
        File.Copy(Film.Usual.Path, Path.Combine(_folder.Path, "live", "film.flv"));
        _server = ReactorProcess.Start(
            "defaults.vod.enabled=true", $"defaults.vod.path={_folder.Path}");
    }

    [TearDown]
    public void End()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [TestCase("any")]
    [TestCase("recorded")]
    public void A_recording_is_played_whole(string kind)
    {
        using var player = Player.Start(_server.Url("live/film"), "-rtmp_live", kind);

        player.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void A_seek_lands_on_the_keyframe_that_ffprobe_knows()
    {
        var keyframes = Ffmpeg.Probe(
            Film.Usual.Path, "-select_streams", "v", "-skip_frame", "nokey",
            "-show_entries", "packet=dts_time,flags")
            .Where(line => line.Contains('K'))
            .Select(line => (long)(double.Parse(
                line.Split(',')[0], CultureInfo.InvariantCulture) * 1000))
            .ToArray();
        Assert.That(keyframes, Has.Length.EqualTo(6));
        foreach (var target in (double[])[0.5, 2.5, 3.7, 5.9])
        {
            using var player = Player.Start(
                _server.Url("live/film"), "-rtmp_live", "recorded", "-noaccurate_seek", "-ss",
                target.ToString(CultureInfo.InvariantCulture));
            player.End();

            var first = player.Received().Video[0].Dts;
            // ffmpeg asks for a little less, for pictures that are shown before they are decoded.
            var expected = keyframes.Last(time => time <= (target * 1000) - 130);
            Assert.That(first, Is.EqualTo(expected).Within(2), $"{target} s");
        }
    }
}
