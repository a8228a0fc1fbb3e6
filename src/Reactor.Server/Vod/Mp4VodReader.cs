using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Storage;

namespace Reactor.Server.Vod;

/// <summary>The samples of a recording in MP4, as tags in the order of their times.</summary>
/// <remarks>
/// In a fragment all pictures stand before all sounds, so each kind is read by a window of its own.
/// Invariants: one read is under way at most; what was asked for before the last
/// <see cref="Seek"/> is not looked at.
/// </remarks>
internal sealed class Mp4VodReader(
    Mp4VodFile file, PacketPool pool, int payloadBytesMax, Action ready) : IVodReader
{
    private const int WindowBytes = 128 << 10;
    private const int MetadataBytesMax = 128;

    private readonly Queue<FlvTag> _headings = new();
    private readonly Window[] _windows = [new(), new()];
    private StoredFragment? _fragment;
    private int _generation;
    private bool _isReading;
    private bool _hasEnded = true;

    public VodPlace Place { get; private set; }

    public FileError? Error { get; private set; }

    public bool IsAtEnd => _hasEnded && _headings.Count == 0;

    public void Begin()
    {
        Seek(new VodPlace(file.Head.Length));
        AddMetadata();
        AddHeader(MessageType.Video, file.Head.Video);
        AddHeader(MessageType.Audio, file.Head.Audio);
    }

    public void Seek(VodPlace place)
    {
        Drop();
        Place = place;
        Error = null;
        _hasEnded = false;
        Load();
    }

    public void Drop()
    {
        _generation++;
        _isReading = false;
        _hasEnded = true;
        _fragment = null;
        foreach (var window in _windows)
            window.Drop();
        while (_headings.TryDequeue(out var heading))
            heading.Payload.Release();
    }

    public bool TryRead(out FlvTag tag)
    {
        if (_headings.TryDequeue(out tag))
            return true;
        if (_isReading || _hasEnded || _fragment is not { } fragment)
            return false;
        if (Place.Sample >= fragment.Samples.Count)
        {
            Place = new VodPlace(fragment.End);
            Load();
            return false;
        }
        var sample = fragment.Samples[Place.Sample];
        var at = fragment.At + sample.Offset;
        var window = _windows[sample.Track.IsVideo ? 0 : 1];
        if (sample.Length > payloadBytesMax - Mp4StoredTrack.HeadLengthMax)
        {
            End(IVodFile.Broken(file.Stored, $"a sample of {sample.Length} bytes"));
            return false;
        }
        if (!window.Has(at, sample.Length))
        {
            Fill(window, at, sample.Length);
            return false;
        }
        tag = TagOf(sample, window.Bytes(at, sample.Length));
        Place = Place with { Sample = Place.Sample + 1 };
        return true;
    }

    private void Load()
    {
        _isReading = true;
        _fragment = null;
        var generation = _generation;
        StoredFragment.Load(file.Stored, file.Head, Place.Position, (fragment, error) =>
        {
            if (generation != _generation)
                return;
            _isReading = false;
            _fragment = fragment;
            if (fragment is null)
                End(error);
            ready();
        });
    }

    /// <summary>A sample that is not whole was being written when the server ended.</summary>
    private void Fill(Window window, long at, int length)
    {
        window.Drop();
        _isReading = true;
        var generation = _generation;
        file.Stored.Read(at, Math.Max(length, WindowBytes), result =>
        {
            if (generation != _generation)
                return;
            _isReading = false;
            if (!result.IsOk(out var piece, out var error) || piece.Length < length)
                End(error);
            else
                window.Set(at, piece.Retain());
            ready();
        });
    }

    private void End(FileError? error)
    {
        _hasEnded = true;
        Error = error;
    }

    private FlvTag TagOf(in Mp4StoredSample sample, ReadOnlySpan<byte> bytes)
    {
        var payload = pool.Rent(Mp4StoredTrack.HeadLengthMax + bytes.Length);
        payload.Advance(sample.Track.WriteHead(payload.Free, sample));
        payload.Append(bytes);
        var type = sample.Track.IsVideo ? MessageType.Video : MessageType.Audio;
        return new FlvTag(type, sample.TimeMs, payload);
    }

    private void AddMetadata()
    {
        var packet = pool.Rent(MetadataBytesMax);
        var body = new Amf0Writer(packet.Free);
        body.String("onMetaData");
        body.BeginEcmaArray(3);
        body.Member("duration", file.DurationMs / 1000.0);
        body.Member("hasVideo", file.Head.Video is not null);
        body.Member("hasAudio", file.Head.Audio is not null);
        body.EndObject();
        packet.Advance(body.Length);
        _headings.Enqueue(new FlvTag(MessageType.Data, 0, packet));
    }

    private void AddHeader(MessageType type, Mp4StoredTrack? track)
    {
        if (track is { Header.Length: > 0 })
            _headings.Enqueue(new FlvTag(type, 0, pool.Copy(track.Header)));
    }

    /// <summary>A piece of the file.</summary>
    private sealed class Window
    {
        private Packet? _piece;
        private long _at;

        public bool Has(long at, int length) => _piece is not null && at >= _at
            && at + length <= _at + _piece.Length;

        public ReadOnlySpan<byte> Bytes(long at, int length) =>
            _piece!.Written.Slice((int)(at - _at), length);

        public void Set(long at, Packet owned) => (_at, _piece) = (at, owned);

        public void Drop()
        {
            _piece?.Release();
            _piece = null;
        }
    }
}
