using System;
using Reactor.Protocol.Http;
using Reactor.Server.Storage;

namespace Reactor.Server.Http;

/// <summary>Answers with an open file: whole, a part of it, or that it has not changed.</summary>
internal static class FileAnswer
{
    /// <summary>How long the disk may take to open a file; then others are asked.</summary>
    private const int OpenMs = 2000;

    private static readonly FileError TooSlow =
        new(FileFailure.Busy, "the disk takes too long");

    /// <summary>Opens a file, for a peer that may leave and a disk that may hang.</summary>
    /// <param name="exchange">Not answered yet.</param>
    /// <param name="root">The file lies below it, also once links are followed.</param>
    /// <param name="path">Where the file is.</param>
    /// <param name="done">Takes the file and closes it; not called when the peer is gone.</param>
    public static void Open(
        HttpExchange exchange, SafePath root, SafePath path, Action<FileResult<StoredFile>> done)
    {
        var isOver = false;
        var untilMs = exchange.Server.Loop.NowMs + OpenMs;
        exchange.Waiting = nowMs =>
        {
            if (nowMs >= untilMs)
                End(new FileResult<StoredFile>(null, TooSlow));
        };
        exchange.Server.Files.OpenWithin(root, path, exchange.Session, result =>
        {
            if (isOver || exchange.IsOver)
                result.Value?.Close();
            else
                End(result);
        });

        void End(FileResult<StoredFile> result)
        {
            isOver = true;
            exchange.Waiting = null;
            done(result);
        }
    }

    /// <summary>Answers with what the client asks of a file (RFC 9110 §13, §14).</summary>
    /// <param name="exchange">Not answered yet.</param>
    /// <param name="file">Owned from now on.</param>
    /// <param name="mediaType">Its media type.</param>
    public static void Send(HttpExchange exchange, StoredFile file, string mediaType)
    {
        var (length, modified, _) = file.Facts;
        var tag = $"\"{length:x}-{modified.UtcTicks:x}\"";
        exchange.Header("Accept-Ranges", "bytes");
        // Whoever has it asks whether it has changed: a page and its scripts belong together.
        if (exchange.IsSettled(tag, "no-cache", modified))
        {
            file.Close();
            return;
        }
        var range = HttpRange.Of(exchange.Request, length, tag, modified);
        if (range.Status != 200)
            exchange.Header("Content-Range", range.ContentRange);
        if (range.Status != 416)
        {
            Send(exchange, file, mediaType, range.Status, (range.Offset, range.Count));
            return;
        }
        file.Close();
        exchange.Refuse(416, "there is no such part");
    }

    /// <summary>Answers with parts of a file, whatever the client asked for.</summary>
    /// <param name="exchange">Not answered yet.</param>
    /// <param name="file">Owned from now on.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="status">200, or 206 with the header Content-Range.</param>
    /// <param name="parts">Places in the file, one behind the other.</param>
    public static void Send(
        HttpExchange exchange, StoredFile file, string mediaType, int status,
        params ReadOnlySpan<(long At, long Count)> parts)
    {
        var length = 0L;
        foreach (var part in parts)
            length += part.Count;
        exchange.BeginBody(status, mediaType, length);
        if (exchange.Request.Method == HttpMethod.Head)
        {
            file.Close();
            exchange.End();
            return;
        }
        new FileDownload(exchange, file, parts).Begin();
    }
}
