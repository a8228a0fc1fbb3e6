using System;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Whether a track is announced in the FLV header.</summary>
public enum TrackFlag
{
    Auto,
    On,
    Off,
}

/// <summary>HTTP-FLV: section <c>http.flv</c>.</summary>
public sealed record FlvOptions
{
    public bool Enabled { get; init; } = true;
    public bool Chunked { get; init; } = true;
    public TrackFlag HasAudio { get; init; }
    public TrackFlag HasVideo { get; init; }
    public TimeSpan GuessWait { get; init; } = TimeSpan.FromMilliseconds(500);

    internal static readonly Section<FlvOptions> Keys = new(
        "HTTP-FLV: http://HOST:7001/APP/STREAM.flv")
    {
        { "enabled", Flag, New,
            o => o.Enabled, (o, v) => o with { Enabled = v },
            "Plays FLV over HTTP." },
        { "chunked", Flag, New,
            o => o.Chunked, (o, v) => o with { Chunked = v },
            "In chunks of HTTP/1.1; off, or ?chunked=0, ends with the connection." },
        { "has_audio", Choice<TrackFlag>(), New,
            o => o.HasAudio, (o, v) => o with { HasAudio = v },
            "Announces sound: what is there, always, or never (then none is sent)." },
        { "has_video", Choice<TrackFlag>(), New,
            o => o.HasVideo, (o, v) => o with { HasVideo = v },
            "Announces pictures, likewise." },
        { "guess_wait", Duration("0s", "10s"), New,
            o => o.GuessWait, (o, v) => o with { GuessWait = v },
            "How long after the publisher's start both tracks are waited for." },
    };
}

/// <summary>FLV over WebSocket: section <c>http.ws_flv</c>.</summary>
public sealed record WsFlvOptions
{
    public bool Enabled { get; init; } = true;
    public int MaxMessage { get; init; } = 64 * Kilo;

    internal static readonly Section<WsFlvOptions> Keys = new(
        "FLV over WebSocket: ws://HOST:7001/APP/STREAM.flv")
    {
        { "enabled", Flag, New,
            o => o.Enabled, (o, v) => o with { Enabled = v },
            "Plays FLV over WebSocket." },
        { "max_message", Size(125, 16 * Mega), New,
            o => o.MaxMessage, (o, v) => o with { MaxMessage = v },
            "Bytes of a message of a client; players need to send none." },
    };
}
