using System;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;
using Reactor.Protocol.MpegTs;

namespace Reactor.Streaming.Hls;

/// <summary>
/// The audio track of a transport stream: frames of AAC or MP3, several to a PES packet.
/// </summary>
/// <remarks>
/// Alone, a small frame would take two packets of 188 bytes whatever its length. Packed frames
/// share one time, so they are counted in samples; where the frame's own time is far from that
/// count, a frame is missing, and a new PES packet begins. This also smooths the milliseconds of
/// RTMP, which no frame of AAC lasts a whole number of.
/// Invariant: what is held is retained, follows without a gap, and is of one configuration.
/// </remarks>
internal sealed class TsAudio(TsWriter writer) : HlsTrack<AudioTagHeader>
{
    /// <summary>
    /// How long a PES packet lasts: of sound alone every other packet of the clock is its own.
    /// </summary>
    private const int PackMs = 165;

    private const int FramesMax = 32;
    private const int BytesMax = 16 << 10;

    /// <summary>How far a frame's time may be from the count of samples.</summary>
    private const long DriftMax = 10 * TsWriter.TicksPerMs;

    private readonly Held[] _held = new Held[FramesMax];
    private int _count;
    private int _bytes;
    private long _start;
    private long _base;
    private long _samples;
    private long _lastPts = long.MinValue;
    private AacConfig? _aac;
    private Mp3Header? _mp3;
    private byte _type;
    private string? _obstacle;

    public override uint Type => _type;

    public override string? Obstacle => _obstacle;

    private int SampleRate => _aac?.SampleRate ?? _mp3?.SampleRate ?? 0;

    public override bool IsSupported(in AudioTagHeader header) =>
        header.Codec == FourCc.Mp4a || header.Codec == FourCc.Mp3;

    public override void Reset()
    {
        Drop();
        _aac = null;
        _mp3 = null;
        _type = 0;
        IsReady = IsChanged = false;
        _obstacle = null;
        _base = _samples = 0;
    }

    /// <remarks>Only AAC has a configuration; other frames tell their own format.</remarks>
    public override void See(in AudioTagHeader header, ReadOnlySpan<byte> payload)
    {
        var body = header.BodyOf(payload);
        if (header.IsSequenceHeader)
        {
            if (header.Codec == FourCc.Mp4a
                && AacConfig.Read(body) is { } config && config != _aac)
            {
                SetAac(config);
            }
            return;
        }
        if (header.Codec == FourCc.Mp3 && Mp3Header.TryRead(body, out var mp3))
            SetMp3(mp3);
        else if (_aac is null && header.Codec == FourCc.Mp4a
            && AdtsHeader.TryRead(body, out var adts))
        {
            SetAac(AacConfig.Of(adts));      // Q55: ADTS inside
        }
        IsReady |= _type != 0 && !body.IsEmpty;
    }

    /// <remarks>It goes into the pack, which is written first when it is full.</remarks>
    public override bool TryWrite(in AudioTagHeader header, in MediaFrame frame)
    {
        var body = header.BodyOf(frame.Payload.Written);
        var (samples, bodyLength, isBare) = Measure(body);
        var length = bodyLength + (isBare ? AdtsHeader.Length : 0);
        if (samples == 0 || length > (isBare ? AdtsHeader.FrameBytesMax : TsWriter.AudioBytesMax))
            return false;
        if (_count == FramesMax || (_count > 0 && _bytes + length > BytesMax))
            Flush();

        var time = frame.TimeMs * TsWriter.TicksPerMs;
        if (_samples == 0 || Math.Abs(time - TimeOfNext()) > DriftMax)
        {
            Flush();
            _base = Math.Max(time, _lastPts + 1);
            _samples = 0;
        }
        if (_count == 0)
            _start = TimeOfNext();
        _held[_count++] = new Held(
            frame.Payload.Retain(), header.BodyOffset, bodyLength, isBare);
        _bytes += length;
        _samples += samples;
        if (TimeOfNext() - _start >= PackMs * TsWriter.TicksPerMs)
            Flush();
        return true;
    }

    /// <summary>A segment begins whose times follow from its own frames alone.</summary>
    public void BeginAlone() => _samples = 0;

    public override void Flush()
    {
        if (_count == 0)
            return;
        writer.BeginFrame(TsTrack.Audio, _start, _start, isRandomAccess: false, _bytes);
        Span<byte> header = stackalloc byte[AdtsHeader.Length];
        for (var i = 0; i < _count; i++)
        {
            ref var held = ref _held[i];
            if (held.IsBare)
            {
                var adts = new ByteWriter(header);
                AdtsHeader.Write(ref adts, _aac!, held.Length);
                writer.Write(header);
            }
            writer.Write(held.Packet.Written.Slice(held.Offset, held.Length));
        }
        _lastPts = _start;
        Drop();
    }

    /// <summary>Forgets what is held.</summary>
    public void Drop()
    {
        for (var i = 0; i < _count; i++)
        {
            _held[i].Packet.Release();
            _held[i] = default;
        }
        _count = _bytes = 0;
    }

    private void SetAac(AacConfig config)
    {
        Flush();                                // what is held has the old one
        IsChanged |= _type != 0;
        _aac = config;
        _mp3 = null;
        _obstacle = config.AdtsObstacle;
        _type = _obstacle is null ? TsProgram.Aac : (byte)0;
        IsReady = false;
        _samples = 0;
    }

    /// <summary>Only a change that a decoder notices: bit rates and padding vary.</summary>
    private void SetMp3(Mp3Header header)
    {
        if (_mp3 is { } known && known.SampleRate == header.SampleRate
            && known.Channels == header.Channels)
        {
            return;
        }
        Flush();
        IsChanged |= _type != 0;
        _mp3 = header;
        _aac = null;
        _obstacle = null;
        _type = header.IsMpeg1 ? TsProgram.Mpeg1Audio : TsProgram.Mpeg2Audio;
        _samples = 0;
    }

    /// <summary>
    /// Samples and bytes of all frames in a payload, and whether they lack a header.
    /// </summary>
    private (int Samples, int Length, bool IsBare) Measure(ReadOnlySpan<byte> body)
    {
        var samples = 0;
        var length = body.Length;
        if (_mp3 is not null)
        {
            for (; Mp3Header.TryRead(body, out var mp3); body = body[mp3.FrameLength..])
            {
                samples += mp3.FrameSamples;
                if (mp3.FrameLength >= body.Length)
                    break;
            }
            return (samples, length, false);
        }
        if (_aac is null || body.IsEmpty)
            return (0, 0, false);
        for (; AdtsHeader.TryRead(body, out var adts); body = body[adts.FrameLength..])
            samples += _aac.FrameSamples;
        return samples > 0
            ? (samples, length - body.Length, false)
            : (_aac.FrameSamples, length, true);
    }

    private long TimeOfNext() => _base + (_samples * 1000 * TsWriter.TicksPerMs / SampleRate);

    private readonly record struct Held(Packet Packet, int Offset, int Length, bool IsBare);
}
