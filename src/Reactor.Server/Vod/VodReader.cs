using System;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Server.Storage;

namespace Reactor.Server.Vod;

/// <summary>The tags of a recording in their order, read ahead by one piece.</summary>
/// <remarks>
/// Invariants: one read is under way at most; a piece that was asked for before the last
/// <see cref="Seek"/> is not looked at.
/// </remarks>
internal sealed class VodReader(VodFile file, PacketPool pool, int payloadBytesMax, Action ready)
    : IVodReader
{
    private const int PieceBytes = 128 << 10;

    private FlvReader? _reader;
    private Packet? _piece;
    private Packet? _ahead;
    private int _taken;
    private long _at;
    private int _generation;
    private bool _isReading;
    private bool _hasEnded;

    public VodPlace Place { get; private set; }

    public FileError? Error { get; private set; }

    public bool IsAtEnd => _hasEnded && _piece is null && _ahead is null && !_isReading;

    public void Begin() => Seek(new VodPlace(FlvWriter.HeaderLength));

    public void Seek(VodPlace place)
    {
        Drop();
        _reader = FlvReader.AtTag(pool, payloadBytesMax);
        Place = place;
        _at = place.Position;
        _hasEnded = false;
        Error = null;
        ReadAhead();
    }

    public void Drop()
    {
        _generation++;
        _isReading = false;
        _reader?.Dispose();
        _reader = null;
        _piece?.Release();
        _ahead?.Release();
        _piece = _ahead = null;
        _taken = 0;
    }

    /// <summary>Behind what is no tag there are no others.</summary>
    public bool TryRead(out FlvTag tag)
    {
        try
        {
            return TryReadWhole(out tag);
        }
        catch (ProtocolException broken)
        {
            // A power failure leaves that; it is not the fault of whoever plays it.
            Drop();
            _hasEnded = true;
            Error = IVodFile.Broken(file.Stored, broken.Message);
            tag = default;
            return false;
        }
    }

    private bool TryReadWhole(out FlvTag tag)
    {
        while (TryPiece(out var piece))
        {
            var input = piece.Written[_taken..];
            var isWhole = _reader!.TryRead(ref input, out tag);
            _taken = piece.Length - input.Length;
            if (_taken == piece.Length)
            {
                piece.Release();
                _piece = null;
            }
            if (!isWhole)
                continue;
            Place = new VodPlace(Place.Position + FlvWriter.TagHeaderLength
                + tag.Payload.Length + FlvWriter.BackPointerLength);
            return true;
        }
        tag = default;
        return false;
    }

    private bool TryPiece(out Packet piece)
    {
        if (_piece is null && _ahead is not null)
        {
            (_piece, _ahead, _taken) = (_ahead, null, 0);
            ReadAhead();
        }
        piece = _piece!;
        return _piece is not null && _reader is not null;
    }

    private void ReadAhead()
    {
        if (_isReading || _hasEnded || _ahead is not null)
            return;
        _isReading = true;
        var generation = _generation;
        file.Read(_at, PieceBytes, result =>
        {
            if (generation == _generation)
                Take(result);
        });
    }

    private void Take(FileResult<Packet> result)
    {
        _isReading = false;
        if (!result.IsOk(out var piece, out var error))
        {
            Error = error;
            _hasEnded = true;
        }
        else
        {
            _hasEnded = piece.Length < PieceBytes;
            _at += piece.Length;
            if (piece.Length > 0)
                _ahead = piece.Retain();
        }
        ready();
    }
}
