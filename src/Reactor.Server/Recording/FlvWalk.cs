using System;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Storage;

namespace Reactor.Server.Recording;

/// <summary>What a file begins with, and a walk through it off the loop, piece by piece.</summary>
internal static class FlvWalk
{
    /// <summary>What a file is recognised by: its first tag, if it is ours.</summary>
    public const int HeadBytes = 64 << 10;

    private const int PieceBytes = 1 << 20;

    /// <summary>Feeds a scan until it is done, or the file is.</summary>
    /// <param name="file">Open, to be read.</param>
    /// <param name="scan">What looks at its bytes.</param>
    /// <param name="at">From which byte on: where the scan begins.</param>
    /// <param name="done">Told at the end, or why it was not reached.</param>
    public static void Run(StoredFile file, FlvScan scan, long at, Action<FileError?> done) =>
        file.Read(at, PieceBytes, result =>
        {
            if (!result.IsOk(out var piece, out var error))
            {
                done(error);
                return;
            }
            scan.Feed(piece.Written);
            if (piece.Length < PieceBytes || scan.IsDone)
                done(null);
            else
                Run(file, scan, at + piece.Length, done);
        });

    /// <summary>The payload of the first tag; empty where none is whole.</summary>
    public static byte[] FirstTagOf(ReadOnlySpan<byte> head, out bool isFlv)
    {
        isFlv = true;
        using var reader = new FlvReader(new PacketPool(), HeadBytes);
        try
        {
            if (!reader.TryRead(ref head, out var tag))
                return [];
            var payload = tag.Payload.Written.ToArray();
            tag.Payload.Release();
            return tag.Type == MessageType.Data ? payload : [0];
        }
        catch (ProtocolException)
        {
            isFlv = false;
            return [];
        }
    }
}
