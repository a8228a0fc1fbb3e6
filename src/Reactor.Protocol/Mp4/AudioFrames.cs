using System;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;

namespace Reactor.Protocol.Mp4;

/// <summary>The frames of audio in one payload, each of which is a sample of its own.</summary>
/// <remarks>
/// Nearly always there is one. ADTS headers (Q55) are left out, headers of MP3 are a part of the
/// frame. What is cut short at the end is left out.
/// </remarks>
internal ref struct AudioFrames(Mp4AudioTrack track, ReadOnlySpan<byte> body)
{
    /// <summary>Frames of one payload; nobody sends so many.</summary>
    public const int CountMax = 64;

    private readonly ReadOnlySpan<byte> _body = body;
    private int _at;
    private int _count;

    /// <param name="offset">Where the frame begins in the body.</param>
    /// <param name="length">Its bytes; never 0.</param>
    /// <param name="samples">How long it lasts; 0 where it does not tell.</param>
    public bool TryRead(out int offset, out int length, out int samples)
    {
        var rest = _body[_at..];
        (offset, length, samples) = (_at, rest.Length, 0);
        if (rest.IsEmpty || _count++ == CountMax)
            return false;
        if (track.Codec == FourCc.Mp4a)
        {
            samples = track.FrameSamples;
            if (AdtsHeader.TryRead(rest, out var adts))
            {
                _at += adts.FrameLength;
                offset += adts.HeaderLength;
                length = adts.FrameLength - adts.HeaderLength;
                return true;
            }
            _at = _body.Length;
            return _count == 1;                 // behind an ADTS frame it would be torn
        }
        if (track.Codec == FourCc.Mp3)
        {
            if (!Mp3Header.TryRead(rest, out var mp3))
                return false;
            samples = mp3.FrameSamples;
            length = Math.Min(length, mp3.FrameLength);
            _at += length;
            return true;
        }
        samples = SamplesOf(rest);
        _at = _body.Length;
        return true;
    }

    private readonly int SamplesOf(ReadOnlySpan<byte> frame) =>
        track.Codec == FourCc.Opus ? OpusPacket.SamplesOf(frame)
        : track.Codec == FourCc.Flac ? FlacFrame.SamplesOf(frame)
        : Ac3Header.SamplesOf(frame);
}
