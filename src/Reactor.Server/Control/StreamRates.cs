using System.Collections.Generic;
using Reactor.Streaming;

namespace Reactor.Server.Control;

/// <summary>How fast a live stream comes.</summary>
/// <param name="VideoKbps">Kilobits of video a second.</param>
/// <param name="AudioKbps">Kilobits of audio a second.</param>
/// <param name="Fps">Pictures a second.</param>
internal readonly record struct StreamRate(double VideoKbps, double AudioKbps, double Fps)
{
    public double Kbps => VideoKbps + AudioKbps;
}

/// <summary>Rates of all live streams, over five seconds where there are (S4.17).</summary>
/// <remarks>Invariant: what is known belongs to a stream of the hub, or is forgotten.</remarks>
internal sealed class StreamRates(StreamHub hub)
{
    private const int WindowMs = 5000;

    private readonly Dictionary<LiveStream, Known> _known = [];
    private readonly List<LiveStream> _gone = [];
    private long _lastMs;

    /// <summary>Called now and then; it looks once a second.</summary>
    public void Check(long nowMs)
    {
        if (nowMs - _lastMs < 1000)
            return;
        _lastMs = nowMs;
        foreach (var stream in hub.Streams)
        {
            if (!_known.TryGetValue(stream, out var known))
                _known[stream] = new Known(Look(stream, nowMs), default);
            else if (nowMs - known.Since.AtMs >= WindowMs)
                _known[stream] = new Known(Look(stream, nowMs), Rate(stream, known.Since, nowMs));
        }
        Forget();
    }

    public StreamRate Of(LiveStream stream, long nowMs)
    {
        if (!stream.IsPublished || !_known.TryGetValue(stream, out var known))
            return default;
        return known.Rate != default ? known.Rate : Rate(stream, known.Since, nowMs);
    }

    private void Forget()
    {
        foreach (var stream in _known.Keys)
        {
            if (hub.Find(stream.Key) != stream)
                _gone.Add(stream);
        }
        foreach (var stream in _gone)
            _known.Remove(stream);
        _gone.Clear();
    }

    private static Counts Look(LiveStream stream, long nowMs) => new(
        nowMs, stream.VideoBytesIn, stream.AudioBytesIn, stream.VideoFramesIn);

    private static StreamRate Rate(LiveStream stream, Counts since, long nowMs)
    {
        var ms = (double)(nowMs - since.AtMs);
        return ms <= 0 ? default : new StreamRate(
            (stream.VideoBytesIn - since.VideoBytes) * 8 / ms,
            (stream.AudioBytesIn - since.AudioBytes) * 8 / ms,
            (stream.VideoFramesIn - since.VideoFrames) * 1000 / ms);
    }

    private readonly record struct Counts(
        long AtMs, long VideoBytes, long AudioBytes, long VideoFrames);

    private readonly record struct Known(Counts Since, StreamRate Rate);
}
