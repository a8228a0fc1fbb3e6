using System;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Control;

/// <summary>What is told of hundreds of streams holds up the loop: it is to cost little.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ManyStreamsTests : IDisposable
{
    private const int Streams = 200;

    private readonly ServerInMemory _server = new();

    public ManyStreamsTests()
    {
        for (var i = 0; i < Streams; i++)
        {
            var publisher = _server.Publish($"stream-{i}");
            publisher.Send(MessageType.Data, 0, Metadata());
            publisher.Headers();
        }
        _server.Turns(3);
    }

    public void Dispose() => _server.Dispose();

    /// <param name="path">What is asked.</param>
    /// <param name="bytesMax">For each stream, of the text alone 470, or 600.</param>
    [TestCase("/metrics", 400)]
    [TestCase("/api/v1/streams", 500)]
    public void An_answer_makes_little_garbage(string path, int bytesMax)
    {
        using var http = new HttpPeer(_server, ControlPeer.Port);
        Ask(http, path);
        http.Socket.Room = 0;                   // to be sent costs the doubles something
        var before = GC.GetAllocatedBytesForCurrentThread();
        http.Say($"GET {path} HTTP/1.1\nHost: localhost\n\n");
        _server.Server.Loop.RunOnce();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        http.Socket.Room = long.MaxValue;
        http.Turns(4, eachMs: 0);
        Assert.That(http.Last.Text, Does.Contain($"stream-{Streams - 1}\""));
        TestContext.Out.WriteLine(
            $"{path}: {http.Last.Text.Length / Streams} letters, {bytes / Streams} bytes a stream");
        Assert.That(bytes / Streams, Is.LessThan(bytesMax));
    }

    /// <summary>As encoders send it: a dozen members.</summary>
    private static byte[] Metadata()
    {
        var bytes = new byte[1024];
        var writer = new Amf0Writer(bytes);
        writer.String("onMetaData");
        writer.BeginObject();
        for (var i = 0; i < 10; i++)
            writer.Member($"member{i}", i);
        writer.Member("width", 640);
        writer.Member("height", 360);
        writer.Member("framerate", 25);
        writer.EndObject();
        return bytes[..writer.Length];
    }

    private static void Ask(HttpPeer http, string path)
    {
        http.Say($"GET {path} HTTP/1.1\nHost: localhost\n\n");
        http.Turns(4, eachMs: 0);
    }
}
