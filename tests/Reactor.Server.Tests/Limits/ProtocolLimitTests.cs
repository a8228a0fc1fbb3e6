using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Limits;

/// <summary>
/// The bounds of RTMP's own structures, by their keys: below, at, above; and their counts.
/// </summary>
[TestFixture]
public sealed class ProtocolLimitTests
{
    [TestCase(1u, 0)]
    [TestCase(0xFF_FFFFu, 0)]
    [TestCase(0x100_0000u, 1)]
    [TestCase(0x7FFF_FFFFu, 1)]
    [TestCase(0u, 1)]
    public void A_chunk_size_out_of_range_is_bent_and_counted(uint size, int struck)
    {
        using var server = new ServerInMemory();
        var client = new RawClient(server).Connect();

        client.SetChunkSize(size);

        Expect(server, client, isTaken: true, Limit.ChunkSize, struck);
    }

    [TestCase(4095, true)]
    [TestCase(4096, true)]
    [TestCase(4097, false)]
    public void Max_chunk_size_bounds_a_chunk(int bytes, bool isTaken)
    {
        using var server = With(new RtmpOptions { MaxChunkSize = 4096 });
        var client = new RawClient(server).Publish();
        client.SetChunkSize(1 << 20);

        client.Say(4, MessageType.Video, 1, new byte[bytes]);

        Expect(server, client, isTaken, Limit.MaxChunkSize);
    }

    [TestCase(99_999, true)]
    [TestCase(100_000, true)]
    [TestCase(100_001, false)]
    public void Max_message_bounds_a_message(int bytes, bool isTaken)
    {
        using var server = With(new RtmpOptions { MaxMessage = 100_000 });
        var client = new RawClient(server).Publish();

        client.Begin(4, bytes);

        Expect(server, client, isTaken, Limit.MaxMessage);
    }

    [TestCase(3, true)]
    [TestCase(4, true)]
    [TestCase(5, false)]
    public void Max_chunk_streams_bounds_the_messages_under_way(int streams, bool isTaken)
    {
        using var server = With(new RtmpOptions { MaxChunkStreams = 4 });
        var client = new RawClient(server).Publish();

        for (var i = 0u; i < streams; i++)
            client.Begin(10 + i, 1000);

        Expect(server, client, isTaken, Limit.MaxChunkStreams);
    }

    [TestCase(511, true)]
    [TestCase(512, true)]
    [TestCase(513, false)]
    public void Max_half_received_bounds_what_is_under_way(int chunks, bool isTaken)
    {
        using var server = With(new RtmpOptions
        {
            MaxHalfReceived = 512 * 128,
            MaxChunkStreams = 1024,
        });
        var client = new RawClient(server).Publish();

        for (var i = 0u; i < chunks; i++)
            client.Begin(10 + i, 1000);

        Expect(server, client, isTaken, Limit.MaxHalfReceived);
    }

    [TestCase(3, 0)]
    [TestCase(4, 0)]
    [TestCase(5, 1)]
    public void Max_streams_refuses_the_next_one(int streams, int struck)
    {
        using var server = With(new RtmpOptions { MaxStreams = 4 });
        var client = new RawClient(server).Connect();

        for (var i = 0; i < streams; i++)
            client.Call("createStream", 2 + i, 0, (ref Amf0Writer body) => body.Null());

        Expect(server, client, isTaken: true, Limit.MaxStreams, struck);
    }

    [TestCase(31, 0)]
    [TestCase(32, 0)]
    [TestCase(33, 1)]
    public void A_command_over_the_bounds_of_AMF_is_refused(int depth, int struck)
    {
        using var server = new ServerInMemory();
        var client = new RawClient(server).Connect();

        CallNested(client, depth);

        Expect(server, client, isTaken: true, Limit.Amf, struck);
    }

    [TestCase(7, 0)]
    [TestCase(8, 0)]
    [TestCase(9, 1)]
    public void Max_amf_depth_bounds_a_command(int depth, int struck)
    {
        using var server = With(new RtmpOptions { MaxAmfDepth = 8 });
        var client = new RawClient(server).Connect();

        CallNested(client, depth);

        Expect(server, client, isTaken: true, Limit.Amf, struck);
    }

    [TestCase(99, 0)]
    [TestCase(100, 0)]
    [TestCase(101, 1)]
    public void Max_amf_values_bounds_a_command(int values, int struck)
    {
        using var server = With(new RtmpOptions { MaxAmfValues = 100 });
        var client = new RawClient(server).Connect();

        client.Call("noSuchCall", 2, 0, (ref Amf0Writer body) =>
        {
            for (var i = 2; i < values; i++)    // behind the name and the transaction
                body.Null();
        });

        Expect(server, client, isTaken: true, Limit.Amf, struck);
    }

    [TestCase(1999, 1, 0)]
    [TestCase(2000, 1, 0)]
    [TestCase(2001, 1, 1)]
    [TestCase(2000, 2, 1)]
    public void Max_amf_string_and_text_bound_a_command(int bytes, int count, int struck)
    {
        using var server = With(new RtmpOptions { MaxAmfString = 2000, MaxAmfText = 4000 });
        var client = new RawClient(server).Connect();

        client.Call("noSuchCall", 2, 0, (ref Amf0Writer body) =>
        {
            for (var i = 0; i < count; i++)     // the command's name is text, too
                body.String(new string('x', bytes));
        });

        Expect(server, client, isTaken: true, Limit.Amf, struck);
    }

    [TestCase(511, true, 512)]
    [TestCase(512, true, 512)]
    [TestCase(513, false, 512)]
    [TestCase(64, true, 64)]
    [TestCase(65, false, 64)]
    public void Max_name_bounds_app_and_name(int bytes, bool isTaken, int most)
    {
        Assert.That(new LimitsOptions().MaxName, Is.EqualTo(512));
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Limits = new LimitsOptions { MaxName = most },
        });
        var client = new RawClient(server).Connect();

        client.Call("publish", 0, 1, (ref Amf0Writer body) =>
        {
            body.Null();
            body.String(new string('n', bytes - "live/".Length));
        });

        Expect(server, client, isTaken, Limit.Name);
    }

    [TestCase("../secret")]
    [TestCase("a%00b")]
    [TestCase("a\nb")]
    public void A_name_that_is_not_safe_is_refused(string name)
    {
        using var server = new ServerInMemory();
        var client = new RawClient(server).Connect();

        client.Call("play", 0, 1, (ref Amf0Writer body) =>
        {
            body.Null();
            body.String(name);
        });

        Expect(server, client, isTaken: false, Limit.Name);
    }

    [TestCase(19, true)]
    [TestCase(20, true)]
    [TestCase(21, false)]
    public void Max_commands_per_second_has_twice_as_many_at_once(int commands, bool isTaken)
    {
        using var server = With(new RtmpOptions { MaxCommandsPerSecond = 10 });
        var client = new RawClient(server).Connect();

        for (var i = 1; i < commands; i++)      // connect was the first
            client.Call("noSuchCall", 0, 0, (ref Amf0Writer body) => body.Null());

        Expect(server, client, isTaken, Limit.MaxCommandsPerSecond);
    }

    [TestCase(99, 0)]
    [TestCase(100, 0)]
    [TestCase(101, 1)]
    public void Max_replies_bounds_what_nobody_reads(int replies, int struck)
    {
        using var server = With(new RtmpOptions { MaxCommandsPerSecond = 10_000 });
        var client = new RawClient(server).Connect();
        var before = client.Socket.SentBytes;
        client.Call("noSuchCall", 2, 0, (ref Amf0Writer body) => body.Null());
        var replyBytes = (int)(client.Socket.SentBytes - before);
        Assert.That(server.Server.Options.Limits.MaxReplies, Is.EqualTo(64 << 10));
        server.Server.Reload(server.Server.Options with
        {
            Limits = new LimitsOptions { MaxReplies = 100 * replyBytes },
        });
        client.Socket.Room = 0;

        for (var i = 0; i < replies; i++)
            client.Call("noSuchCall", 2, 0, (ref Amf0Writer body) => body.Null());

        Expect(server, client, isTaken: true, Limit.Replies, struck);
    }

    /// <summary>A command with arrays in arrays, so many levels deep.</summary>
    private static void CallNested(RawClient client, int depth) =>
        client.Call("createStream", 2, 0, (ref Amf0Writer body) =>
        {
            for (var i = 0; i < depth; i++)
                body.BeginStrictArray(1);
            body.Null();
        });

    private static ServerInMemory With(RtmpOptions rtmp) =>
        new(options: new ServerOptions { Rtmp = rtmp });

    private static void Expect(
        ServerInMemory server, RawClient client, bool isTaken, Limit limit, int? struck = null)
    {
        server.Turns(2);
        Assert.That(client.IsOpen, Is.EqualTo(isTaken));
        Assert.That(server.Server.Struck[limit], Is.EqualTo(struck ?? (isTaken ? 0 : 1)));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }
}
