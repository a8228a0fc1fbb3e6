using System;
using System.Collections.Generic;
using Reactor.Server.Storage;
using Reactor.Transport;

namespace Reactor.Server.Http;

/// <summary>Parts of a file on their way into the body of an answer.</summary>
/// <remarks>
/// One piece is read at a time, when the peer has taken the last. Invariant: the file is closed
/// when all is sent, or when the peer is gone.
/// </remarks>
internal sealed class FileDownload
{
    private const int PieceBytes = 128 << 10;

    private readonly HttpExchange _exchange;
    private readonly StoredFile _file;
    private readonly Queue<(long At, long Count)> _parts = new();
    private long _at;
    private long _left;
    private bool _isOver;

    /// <param name="exchange">Its head was sent, with the sum of all parts as its length.</param>
    /// <param name="file">Owned from now on.</param>
    /// <param name="parts">Places in the file, one behind the other.</param>
    public FileDownload(
        HttpExchange exchange, StoredFile file, params ReadOnlySpan<(long At, long Count)> parts)
    {
        _exchange = exchange;
        _file = file;
        foreach (var part in parts)
            _parts.Enqueue(part);
    }

    public void Begin()
    {
        _exchange.Gone = Close;
        _exchange.Session.Drained = Read;
        Read();
    }

    private void Read()
    {
        while (_left == 0 && _parts.TryDequeue(out var part))
            (_at, _left) = part;
        if (_isOver)
            return;
        if (_left == 0)
        {
            Close();
            _exchange.End();
            return;
        }
        _exchange.Session.Drained = null;       // until this piece is sent
        _file.Read(_at, (int)Math.Min(PieceBytes, _left), result =>
        {
            if (_isOver)
                return;
            if (!result.IsOk(out var piece, out var error) || piece.Length == 0)
            {
                // The length was promised: only the end of the connection tells that it is short.
                _exchange.Session.Connection.Close(
                    CloseReason.Fault, error?.Text ?? "the file has become shorter");
                return;
            }
            _at += piece.Length;
            _left -= piece.Length;
            _exchange.Session.Drained = Read;
            _exchange.Session.Send(piece);
        });
    }

    private void Close()
    {
        if (_isOver)
            return;
        _isOver = true;
        _file.Close();
    }
}
