using System;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Testing;

namespace Reactor.Server.Tests.Control;

/// <summary>What the REST interface tells of the tracks of real encoders.</summary>
[TestFixture]
public sealed class StreamFactsTests
{
    private const string Lc = "AAC mp4a.40.2 LC 44100 2";

    [TestCase("ffmpeg-publish", "H264 avc1.4D400C Main 1.2 320 180 25", Lc)]
    [TestCase("ffmpeg-publish-audio", null, Lc)]
    [TestCase("ffmpeg7-publish-hevc", "HEVC hvc1.1.6.L63.90 Main 2.1 640 360 30", Lc)]
    public void What_ffmpeg_publishes_is_told(string sample, string? video, string audio)
    {
        using var server = new ServerInMemory();
        server.Network.Visit().Arrive(Samples.Load($"{sample}.client.bin"));
        server.Turns(200, eachMs: 5);

        Expect(server, sample, video, audio);
    }

    [Test]
    public void AV1_and_Opus_of_Enhanced_RTMP_are_told()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var pool = new PacketPool();
        using var file = new FlvReader(pool, 1 << 20);
        ReadOnlySpan<byte> input = Samples.Load("ertmp-av1-opus.flv").AsSpan(0, 60_000);
        while (file.TryRead(ref input, out var tag))
        {
            publisher.Send(tag.Type, tag.TimestampMs, tag.Payload.Written.ToArray());
            tag.Payload.Release();
        }
        server.Turns(50);

        Expect(server, "a", "AV1 av01.1.04M.08 High 3.0 980 540 30", "Opus opus  48000 1");
    }

    private static void Expect(ServerInMemory server, string name, string? video, string audio)
    {
        var stream = new ControlPeer(server).Json($"/api/v1/streams/live/{name}");
        Assert.Multiple(() =>
        {
            Assert.That(Text(stream, "video"), Is.EqualTo(video));
            Assert.That(Text(stream, "audio"), Is.EqualTo(audio));
        });
    }

    /// <summary>The values, in their order.</summary>
    private static string? Text(JsonElement stream, string track) =>
        stream.TryGetProperty(track, out var told)
            ? string.Join(' ', told.EnumerateObject().Select(each => each.Value.ToString()))
            : null;
}
