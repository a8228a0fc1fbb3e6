using System;
using Reactor.Protocol.Flv;
using Reactor.Server.Storage;

namespace Reactor.Server.Recording;

/// <summary>Walks through a file off the loop, piece by piece.</summary>
internal static class FlvWalk
{
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
}
