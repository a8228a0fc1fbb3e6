using System;
using System.Buffers;
using System.Text.Json;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Http;

/// <summary>The list of live streams that the player page asks for every two seconds.</summary>
/// <remarks>
/// Written once a second at most: a thousand pages cost no more than one. It tells what every
/// viewer may know; who publishes is the business of operators.
/// </remarks>
internal sealed class StreamListing(ReactorServer server)
{
    private const int FreshMs = 1000;

    private readonly ArrayBufferWriter<byte> _json = new();
    private long _writtenMs = long.MinValue;

    /// <summary>As JSON, in the form that Reactor.Web's README gives.</summary>
    public ReadOnlySpan<byte> At(long nowMs)
    {
        if (_writtenMs == long.MinValue || nowMs - _writtenMs >= FreshMs)
        {
            _writtenMs = nowMs;
            _json.ResetWrittenCount();
            Write(nowMs);
        }
        return _json.WrittenSpan;
    }

    private void Write(long nowMs)
    {
        using var json = new Utf8JsonWriter(_json);
        json.WriteStartObject();
        json.WriteStartArray("streams");
        foreach (var stream in server.Hub.Streams)
        {
            if (stream.IsPublished)
                Write(json, stream, nowMs);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, LiveStream stream, long nowMs)
    {
        var codecs = stream.Codecs;
        json.WriteStartObject();
        json.WriteString("app", stream.Key.App);
        json.WriteString("name", stream.Key.Name);
        json.WriteStartObject("codecs");
        if (codecs.HasVideo)
            json.WriteString("video", codecs.VideoCodec);
        if (codecs.HasAudio)
            json.WriteString("audio", codecs.AudioCodec);
        json.WriteEndObject();
        var picture = codecs.Picture;
        if (picture.Width > 0)
        {
            json.WriteNumber("width", picture.Width);
            json.WriteNumber("height", picture.Height);
        }
        if (picture.FramesPerSecond > 0)
            json.WriteNumber("fps", Math.Round(picture.FramesPerSecond, 3));
        json.WriteNumber("bytes_in", stream.BytesIn);
        json.WriteNumber("players", server.Hls.AudienceOf(stream));
        json.WriteNumber("seconds", Math.Round((nowMs - stream.PublishedSinceMs) / 1000.0, 1));
        WriteWays(json, stream.Key);
        json.WriteEndObject();
    }

    /// <summary>A page offers no way that is switched off, nor for a codec that it lacks.
    /// </summary>
    private void WriteWays(Utf8JsonWriter json, StreamKey key)
    {
        var options = server.Options;
        if (!options.Http.Flv.Enabled)
            json.WriteNull("flv");
        if (!options.Http.WsFlv.Enabled)
            json.WriteNull("ws");
        if (options.Resolve(key) is { Hls: { Enabled: true, Type: var type } })
            json.WriteString("hls_container", type == HlsType.Ts ? "ts" : "mp4");
        else
            json.WriteNull("hls");
    }
}
