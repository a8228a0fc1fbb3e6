using System;

namespace Reactor.Streaming;

/// <summary>How much of a publisher may lie unread until its next picture comes.</summary>
/// <remarks>
/// Audio that would only wait (<see cref="AudioHold"/>) need not wake anybody either: at few
/// players waking is most of the work. A picture is told from audio by its size, so this is half
/// the smallest picture of late, if that is more than any audio was. A picture that is smaller yet
/// comes late once, with the audio behind it: then nothing lies unread until this is known anew.
/// </remarks>
internal sealed class AudioLull
{
    /// <summary>Pictures that are looked at before something is known; four seconds of them.
    /// </summary>
    private const int WindowPictures = 128;

    /// <summary>
    /// Of pictures that are farther apart the next one may come after the wait is over: then audio
    /// would leave alone just before it, which costs more than it saves.
    /// </summary>
    private const int DistanceMsMax = 36;

    /// <summary>A header and a timestamp, beside the payload (RTMP 1.0 §5.3.1).</summary>
    private const int ChunkHeaderBytes = 18;

    private int _pictures;
    private int _smallestPicture = int.MaxValue;
    private int _largestAudio;
    private long _beganMs = -1;

    /// <summary>Fewer bytes than this are no picture; 0: nothing may lie unread.</summary>
    public int BytesMax { get; private set; }

    public void See(FrameKind kind, int bytes, long nowMs)
    {
        if (kind == FrameKind.Video)
            SeePicture(bytes, nowMs);
        else
            _largestAudio = Math.Max(_largestAudio, bytes);
    }

    private void SeePicture(int bytes, long nowMs)
    {
        if (_beganMs < 0)
            _beganMs = nowMs;
        if (bytes < BytesMax)
            BytesMax = 0;
        _smallestPicture = Math.Min(_smallestPicture, bytes);
        if (++_pictures < WindowPictures)
            return;
        var half = _smallestPicture / 2;
        var isSteady = nowMs - _beganMs <= WindowPictures * DistanceMsMax;
        BytesMax = isSteady && half > _largestAudio + ChunkHeaderBytes ? half : 0;
        (_pictures, _smallestPicture, _largestAudio) = (0, int.MaxValue, 0);
        _beganMs = nowMs;
    }
}
