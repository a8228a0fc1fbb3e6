using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;

namespace Reactor.Streaming.Hls;

/// <summary>Segments of fragmented MP4, which a player reads behind their init segment.</summary>
/// <remarks>
/// A fragment's head has to know all its frames, so they are held by reference, for a second at
/// most, and then copied once into pieces that all viewers share.
/// Invariant: <see cref="_written"/> counts the segment's bytes.
/// </remarks>
internal sealed class Mp4Container : IHlsContainer
{
    private const int FragmentMs = 1000;

    /// <summary>How far apart the numbers of fragments of two segments in a row are, where these
    /// follow from the segments' own; they return after years.</summary>
    private const uint FragmentsMax = 128;

    private readonly PacketPool _pool;
    private readonly Mp4Writer _writer;
    private readonly Mp4Video _video;
    private readonly Mp4Audio _audio;
    private readonly List<Mp4Slice> _slices = [];
    private readonly PieceList _pieces;
    private HlsProgram _program;
    private long _written;
    private long _fragmentMs;

    public Mp4Container(PacketPool pool)
    {
        _pool = pool;
        _pieces = new PieceList(pool);
        _writer = new Mp4Writer(pool);
        _video = new Mp4Video(this);
        _audio = new Mp4Audio(this);
    }

    public HlsTrack<VideoTagHeader> Video => _video;

    public HlsTrack<AudioTagHeader> Audio => _audio;

    public long Bytes => _written + _writer.Bytes;

    public Packet? Init { get; private set; }

    public void BeginSegment(HlsProgram program, bool isDiscontinuity, long? number)
    {
        Invariant.Holds(_writer.IsEmpty && _pieces.IsEmpty && !program.IsEmpty);
        if (Init is null || isDiscontinuity)
        {
            var video = program.HasVideo ? _video.Track : null;
            var audio = program.HasAudio ? _audio.Track : null;
            _writer.Begin(video, audio);
            SetInit(Mp4Init.Write(_pool, video, audio));
        }
        if (number is { } alone)
            _writer.BeginAlone(unchecked((uint)alone * FragmentsMax));
        _program = program;
    }

    public Packet[] CutPart(long endMs)
    {
        CutFragment(endMs);
        return _pieces.Take();
    }

    public Packet[] EndSegment(long endMs)
    {
        var pieces = CutPart(endMs);
        _written = 0;
        return pieces;
    }

    public void DropSegment()
    {
        _writer.Drop();
        _pieces.Drop();
        _written = 0;
    }

    public void Clear()
    {
        Init?.Release();
        Init = null;
    }

    /// <summary>The writer, ready for a frame.</summary>
    internal Mp4Writer WriterFor(in MediaFrame frame)
    {
        var isLeading = frame.Kind == FrameKind.Video || !_program.HasVideo;
        var isDue = isLeading && frame.TimeMs - _fragmentMs >= FragmentMs;
        if (!_writer.IsEmpty && (isDue || _writer.IsFull))
            CutFragment(frame.TimeMs);
        if (_writer.IsEmpty)
            _fragmentMs = frame.TimeMs;
        return _writer;
    }

    private void CutFragment(long endMs)
    {
        if (_writer.IsEmpty)
            return;
        _writer.Cut(_slices, endMs);
        foreach (var slice in _slices)
        {
            _pieces.Append(slice.Bytes);
            _written += slice.Length;
            slice.Packet.Release();
        }
        _slices.Clear();
    }

    /// <summary>The same bytes are the same object, so that a player need not read it again.
    /// </summary>
    private void SetInit(Packet init)
    {
        if (Init is not null && Init.Written.SequenceEqual(init.Written))
        {
            init.Release();
            return;
        }
        Init?.Release();
        Init = init;
    }
}
