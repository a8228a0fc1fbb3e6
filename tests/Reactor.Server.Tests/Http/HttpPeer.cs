using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Http;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Server.Tests.Http;

/// <summary>One answer that an HTTP client was given, as far as it has come.</summary>
internal sealed record Answered(int Status, HttpHeaders Headers, List<byte> Body)
{
    public string Text => Encoding.UTF8.GetString([.. Body]);

    /// <summary>The tags of a body that is FLV.</summary>
    public List<Seen> Tags { get; } = [];

    public bool HasAudio { get; set; }

    public bool HasVideo { get; set; }

    public IEnumerable<Seen> Video => Tags.Where(tag => tag.Type == MessageType.Video);

    public IEnumerable<Seen> Audio => Tags.Where(tag => tag.Type == MessageType.Audio);
}

/// <summary>An HTTP client in memory, which writes down what it is answered.</summary>
internal sealed class HttpPeer : IDisposable
{
    private readonly PacketPool _pool = new();
    private readonly ServerInMemory _server;
    private readonly HttpResponseReader _reader;
    private readonly FlvReader _flv;

    public HttpPeer(ServerInMemory server, int port = 7001)
    {
        _server = server;
        _reader = new HttpResponseReader(_pool, new HttpLimits());
        _flv = new FlvReader(_pool, 1 << 24);
        Socket = server.Network.Visit(port);
        server.Turn();                          // it is accepted
    }

    public MemorySocket Socket { get; }

    /// <summary>Answers, in order; the last one may still be coming.</summary>
    public List<Answered> Answers { get; } = [];

    public Answered Last => Answers[^1];

    /// <summary>Whether the last answer is complete.</summary>
    public bool IsDone => _reader.Body.IsDone;

    /// <summary>Whether the server has said that it sends no more.</summary>
    public bool IsEnded => Socket.HasEndedSending || Socket.IsClosed;

    /// <summary>Sends text, line ends as they are in HTTP.</summary>
    public HttpPeer Say(string text)
    {
        Socket.Arrive(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
        return this;
    }

    /// <summary>Asks for a path, and takes the answer as far as it comes in two turns.</summary>
    public Answered? Get(string path, string headers = "", string version = "1.1")
    {
        Say($"GET {path} HTTP/{version}\nHost: reactor\n{headers}\n");
        Turn();
        Turn();
        return Answers.LastOrDefault();
    }

    /// <summary>One turn of the server, after so much time; then it reads.</summary>
    public void Turn(int afterMs = 0)
    {
        _server.Turn(afterMs);
        ReadOnlySpan<byte> input = Socket.Sent.ToArray();
        Socket.Sent.Clear();
        while (!input.IsEmpty)
        {
            if (_reader.Body.IsDone)
                TakeHead(ref input);
            while (_reader.Body.TryRead(ref input, out var piece))
                TakeBody(piece);
        }
    }

    public void Turns(int count, int eachMs)
    {
        for (var i = 0; i < count; i++)
            Turn(eachMs);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _flv.Dispose();
    }

    private void TakeHead(ref ReadOnlySpan<byte> input)
    {
        if (_reader.TryReadHead(ref input, out var response))
            Answers.Add(new Answered(response.Status, response.Headers, []));
    }

    private void TakeBody(ReadOnlySpan<byte> piece)
    {
        Last.Body.AddRange(piece);
        if (Last.Headers["Content-Type"] != "video/x-flv")
            return;
        while (_flv.TryRead(ref piece, out var tag))
        {
            Last.Tags.Add(new Seen(tag.Type, tag.TimestampMs, tag.Payload.Written.ToArray()));
            tag.Payload.Release();
        }
        (Last.HasAudio, Last.HasVideo) = (_flv.HasAudio, _flv.HasVideo);
    }
}
