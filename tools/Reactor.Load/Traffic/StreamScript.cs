using System;
using Reactor.Protocol.Rtmp;

namespace Reactor.Load.Traffic;

/// <summary>One message of the script.</summary>
/// <param name="Track">Audio or video.</param>
/// <param name="Sequence">Counts the track from 0.</param>
/// <param name="TimeMs">When it is due, and its timestamp.</param>
/// <param name="Bytes">Bytes of its payload.</param>
/// <param name="IsKeyframe">Whether decoding can begin here.</param>
internal readonly record struct ScriptedFrame(
    MessageType Track, uint Sequence, long TimeMs, int Bytes, bool IsKeyframe);

/// <summary>
/// What a publisher sends and when: a camera's stream, of which only sizes are real.
/// </summary>
/// <remarks>
/// 30 video frames a second, every 60th of them a keyframe of ten times the usual size, and
/// AAC at 44.1 kHz, which makes 43 messages a second. Sizes vary by a quarter either way.
/// </remarks>
internal sealed class StreamScript
{
    private const int VideoPerSecond = 30;
    private const int FramesPerGop = 60;
    private const int KeyframeWeight = 10;
    private const double AudioPerSecond = 44_100 / 1024.0;
    private const int AudioBitsMax = 96_000;
    private readonly double _audioBytes;
    private readonly double _interBytes;
    private uint _audio;
    private uint _video;

    public StreamScript(int bitsPerSecond)
    {
        var audioBits = Math.Min(AudioBitsMax, bitsPerSecond / 8);
        var gopBytes = (bitsPerSecond - audioBits) / 8.0 * FramesPerGop / VideoPerSecond;
        _audioBytes = audioBits / 8.0 / AudioPerSecond;
        _interBytes = gopBytes / (FramesPerGop - 1 + KeyframeWeight);
        Next = Sooner();
    }

    /// <summary>The message that is due next; the same until <see cref="Advance"/>.</summary>
    public ScriptedFrame Next { get; private set; }

    public void Advance()
    {
        if (Next.Track == MessageType.Audio)
            _audio++;
        else
            _video++;
        Next = Sooner();
    }

    private ScriptedFrame Sooner()
    {
        var audioMs = (long)(_audio * 1000 / AudioPerSecond);
        var videoMs = _video * 1000L / VideoPerSecond;
        if (audioMs < videoMs)
            return new(MessageType.Audio, _audio, audioMs, Vary(_audioBytes, _audio), false);
        var isKeyframe = _video % FramesPerGop == 0;
        var bytes = isKeyframe ? _interBytes * KeyframeWeight : _interBytes;
        return new(MessageType.Video, _video, videoMs, Vary(bytes, _video), isKeyframe);
    }

    /// <summary>75 to 125 % by turns, and exactly the mean in the long run.</summary>
    private static int Vary(double bytes, uint sequence) => Math.Max(
        FrameStamp.PayloadBytesMin, (int)(bytes * (75 + (sequence * 37 % 51)) / 100));
}
