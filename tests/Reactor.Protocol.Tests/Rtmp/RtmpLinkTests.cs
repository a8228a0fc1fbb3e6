using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>
/// Protocol control messages: what is obeyed, what is answered, what is left out.
/// </summary>
[TestFixture]
public sealed class RtmpLinkTests
{
    private PacketPool _pool = null!;
    private Sent _sent = null!;
    private RtmpLink _link = null!;

    [SetUp]
    public void Begin()
    {
        _pool = new PacketPool();
        _sent = new Sent();
        _link = new RtmpLink(_pool, new LinkSettings { InAckWindow = 2000 }, _sent);
    }

    [TearDown]
    public void End()
    {
        _link.Close();
        Assert.That(_pool.Outstanding, Is.Zero);
    }

    [Test]
    public void Half_a_window_is_acknowledged_though_the_peer_set_none()     // Q20
    {
        Take(Media(987));                       // with 12 bytes of header: 999
        Assert.That(_sent.Messages, Is.Empty);

        Take([2]);                              // of whatever comes next

        Assert.That(_sent.Messages, Is.EqualTo(new[] { Acknowledgement(1000) }));
    }

    [Test]
    public void Acknowledgements_count_all_bytes_and_go_round_at_2_to_the_32nd()  // Q21
    {
        Take(Chunks.Control(MessageType.WindowAcknowledgementSize, 0, 0x80, 0, 0));
        Take(Chunks.Control(MessageType.SetChunkSize, 0, 0xFF, 0xFF, 0xFF));
        var media = Media(0x40_0000 - 12);
        var before = 32L;

        for (var i = 0; i < 1025; i++)
        {
            Take(media);
            _sent.Messages.RemoveAll(m => m.Type != MessageType.Acknowledgement);
            Assert.That(_sent.Messages, Has.Count.EqualTo(1));
            before += media.Length;
            Assert.That(_sent.Messages[0], Is.EqualTo(Acknowledgement((uint)before)));
            _sent.Messages.Clear();
        }
        Assert.That(before, Is.GreaterThan(uint.MaxValue), "the number went round");
    }

    [Test]
    public void The_peers_window_is_obeyed_and_none_is_the_default()
    {
        Take(Chunks.Control(MessageType.WindowAcknowledgementSize, 0, 0, 0, 100));
        Take(Media(50));
        Assert.That(_sent.Take(), Is.EqualTo(new[] { Acknowledgement(78) }));

        Take(Chunks.Control(MessageType.WindowAcknowledgementSize, 0, 0, 0, 0));
        Take(Media(900));
        Assert.That(_sent.Take(), Is.Empty);
        Take(Media(100));
        Assert.That(_sent.Take(), Has.Count.EqualTo(1));
    }

    [TestCase(1u)]
    [TestCase(2u)]
    public void A_tiny_window_is_acknowledged_once_a_message_at_most(uint window)
    {
        Take(Chunks.Control(
            MessageType.WindowAcknowledgementSize, Chunks.Number(window, 4)));
        _sent.Take();

        Take(Media(100));

        Assert.That(_sent.Take(), Has.Count.EqualTo(1));
    }

    // 0 hard, 1 soft, 2 dynamic; announced is 5,000,000 (S2.14).
    [TestCase("0:100", "100")]
    [TestCase("1:100", "100")]
    [TestCase("1:6000000", "")]                 // soft: the smaller one is in force already
    [TestCase("2:100", "")]                     // dynamic means nothing before a hard one
    [TestCase("0:100 2:200", "100 200")]
    [TestCase("1:100 2:200", "100")]
    [TestCase("0:100 1:200 2:300", "100")]
    [TestCase("0:100 2:200 2:300", "100 200 300")]
    [TestCase("0:5000000", "")]                 // answered only where it differs
    [TestCase("0:0", "")]
    [TestCase("0:6000000 1:100", "6000000 100")]
    [TestCase("9:100", "")]
    [TestCase("100", "100")]                    // without a limit type: hard
    public void Set_Peer_Bandwidth_is_answered_with_the_window(string asked, string answered)
    {
        _link.SendWindow();
        _sent.Take();

        foreach (var (type, window) in asked.Split(' ').Select(Limit))
        {
            byte[] limit = type is { } known ? [known] : [];
            byte[] body = [.. Chunks.Number(window, 4), .. limit];
            Take(Chunks.Control(MessageType.SetPeerBandwidth, body));
        }

        var windows = _sent.Take().Select(message =>
        {
            Assert.That(message.Type, Is.EqualTo(MessageType.WindowAcknowledgementSize));
            return Convert.ToInt32(Convert.ToHexString(message.Payload), 16);
        });
        Assert.That(string.Join(' ', windows), Is.EqualTo(answered));
    }

    [Test]
    public void A_ping_is_answered_with_its_own_time()                      // S1.11, Q10
    {
        Take(Chunks.Type1(2, 0, 6, MessageType.UserControl, [0, 6, 1, 2, 3, 4]));

        byte[] pong = [0, 7, 1, 2, 3, 4];
        Assert.That(
            _sent.Take(),
            Is.EqualTo(new[] { new Heard(MessageType.UserControl, 0, 0, pong) }));
    }

    [Test]
    public void A_players_buffer_length_is_kept()
    {
        Take(Chunks.Control(
            MessageType.UserControl, 0, 3, 0, 0, 0, 1, 0, 0, 0x0B, 0xB8));

        Assert.That(_link.BufferMs, Is.EqualTo(3000));
        Assert.That(_link.Skipped, Is.Zero);
    }

    [Test]
    public void A_peers_acknowledgement_is_kept()
    {
        Take(Chunks.Control(MessageType.Acknowledgement, 0xFF, 0, 0, 1));

        Assert.That(_link.PeerAcknowledged, Is.EqualTo(0xFF00_0001));
    }

    [TestCase(MessageType.SetChunkSize, 3)]
    [TestCase(MessageType.Abort, 1)]
    [TestCase(MessageType.Acknowledgement, 3)]
    [TestCase(MessageType.WindowAcknowledgementSize, 2)]
    [TestCase(MessageType.SetPeerBandwidth, 3)]
    [TestCase(MessageType.UserControl, 1)]
    [TestCase(MessageType.UserControl, 5)]
    [TestCase(MessageType.SharedObject, 10)]
    [TestCase(MessageType.SharedObjectAmf3, 10)]
    [TestCase((MessageType)0, 10)]
    [TestCase((MessageType)7, 10)]
    [TestCase((MessageType)255, 10)]
    public void A_short_body_and_an_unknown_type_are_left_out_and_counted(  // S1.17
        MessageType type, int length)
    {
        Take(Chunks.Control(type, new byte[length]));

        Assert.That(_link.Skipped, Is.EqualTo(1));
        Assert.That(_sent.Messages, Is.Empty);
    }

    [TestCase(0u)]
    [TestCase(0x8000_0000u)]
    public void A_chunk_size_of_0_is_left_out_and_counted(uint size)        // Q12
    {
        Take(Chunks.Control(MessageType.SetChunkSize, Chunks.Number(size, 4)));
        var media = Chunks.Type0(6, 0, 129, MessageType.Video, 1, new byte[128]);

        Assert.That(Take(media), Is.Zero);
        Assert.That(Take(Chunks.Type3(6, [1])), Is.EqualTo(1), "chunks have 128 bytes still");
        Assert.That(_link.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void What_we_send_is_as_S1_20_has_it()
    {
        _link.SendWindow();
        _link.SendPeerBandwidth();
        _link.SendUserControl(UserControlEvent.StreamBegin, 1);

        Assert.That(
            Convert.ToHexString([.. _sent.Wire]),
            Is.EqualTo(
                "02000000" + "00000405" + "00000000" + "004C4B40"
                + "02000000" + "00000506" + "00000000" + "004C4B4002"
                + "02000000" + "00000604" + "00000000" + "000000000001"));
    }

    [Test]
    public void Our_chunks_have_128_bytes_until_another_size_was_announced()
    {
        _link.Send(3, MessageType.Command, 0, new byte[129]);
        Assert.That(_sent.Wire, Has.Count.EqualTo(12 + 129 + 1));
        _sent.Wire.Clear();

        _link.SendChunkSize();
        _link.Send(3, MessageType.Command, 0, new byte[129]);

        Assert.That(_link.ChunkBytes, Is.EqualTo(60_000));
        Assert.That(_sent.Wire, Has.Count.EqualTo(16 + 12 + 129));
    }

    private static (byte? Type, uint Window) Limit(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 1
            ? (null, uint.Parse(parts[0]))
            : (byte.Parse(parts[0]), uint.Parse(parts[1]));
    }

    private static byte[] Media(int length) =>
        Chunks.Whole(6, 0, MessageType.Video, 1, new byte[length]);

    private static Heard Acknowledgement(uint received) =>
        new(MessageType.Acknowledgement, 0, 0, Chunks.Number(received, 4));

    private int Take(byte[] wire)
    {
        var media = 0;
        ReadOnlySpan<byte> input = wire;
        while (_link.TryReceive(ref input, out var message))
        {
            if (message.Type == MessageType.Video)
                media++;
            else
                _link.Control(message);
            message.Payload.Release();
        }
        return media;
    }
}
