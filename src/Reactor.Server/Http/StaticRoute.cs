using System;
using System.IO;
using System.Linq;
using NLog;
using Reactor.Server.Storage;

namespace Reactor.Server.Http;

/// <summary>Files of a folder, at every path that is nothing else (S3.3).</summary>
/// <remarks>
/// Only plain names reach the disk, and it opens only what lies below the root once links are
/// followed. What cannot be had, for whatever reason, is not there: the answer does not tell.
/// </remarks>
internal static class StaticRoute
{
    private const string LivegoPath = "/statics/";
    private const string LivegoRoot = "statics";

    private static readonly Logger Log = LogManager.GetLogger("http");

    /// <summary>A file below <c>http.static.root</c>; passes on where there is none.</summary>
    public static void Serve(HttpExchange exchange)
    {
        var options = exchange.Server.Options.Http.Static;
        if (!options.Enabled)
            exchange.Pass();
        else
            Find(exchange, SafePath.Configured(options.Root), exchange.Request.Path[1..]);
    }

    /// <summary>livego's files of its own, behind the control gate (S4.20, S4.21).</summary>
    public static void ServeLivego(HttpExchange exchange) => Find(
        exchange, SafePath.Configured(LivegoRoot), exchange.Request.Path[LivegoPath.Length..]);

    private static void Find(HttpExchange exchange, SafePath root, string name)
    {
        var index = exchange.Server.Options.Http.Static.Index;
        var isFolder = name.Length == 0 || name[^1] == '/';
        if (exchange.Server.MissingFolders.Has(root)
            || !root.TryWithin(isFolder ? name + index : name, out var path))
        {
            exchange.Pass();
            return;
        }
        FileAnswer.Open(exchange, root, path, result =>
        {
            if (result.IsOk(out var file, out var error))
                Answer(exchange, file);
            else if (error.Failure == FileFailure.Denied && !isFolder)
                FindFolder(exchange, root, $"{name}/{index}", error);
            else
                Miss(exchange, root, error);
        });
    }

    /// <summary>What no file is may be a folder: then its page is at another address.</summary>
    private static void FindFolder(
        HttpExchange exchange, SafePath root, string name, FileError denied)
    {
        if (!root.TryWithin(name, out var path))
        {
            Miss(exchange, root, denied);
            return;
        }
        FileAnswer.Open(exchange, root, path, result =>
        {
            if (result.IsOk(out var file, out var error))
            {
                file.Close();
                exchange.Header("Location", FolderOf(exchange));
                exchange.Answer(301, "text/plain; charset=utf-8", ReadOnlySpan<byte>.Empty);
            }
            else
                Miss(exchange, root, error.Failure == FileFailure.NotFound ? denied : error);
        });
    }

    private static void Answer(HttpExchange exchange, StoredFile file)
    {
        exchange.Header("X-Content-Type-Options", "nosniff");
        FileAnswer.Send(exchange, file, MediaTypes.Of(Path.GetExtension(file.Path.Name)));
    }

    private static void Miss(HttpExchange exchange, SafePath root, FileError error)
    {
        switch (error.Failure)
        {
            case FileFailure.NotFound:
                exchange.Server.MissingFolders.Look(root, exchange.Session);
                exchange.Pass();
                break;
            case FileFailure.Denied:
                Log.Debug("not served: {Why:l}", error.Text);
                exchange.Pass();
                break;
            case FileFailure.Busy or FileFailure.Stopped:
                exchange.Pass("the disk is busy", 503);
                break;
            default:
                Log.Warn("not served: {Why:l}", error.Text);
                exchange.Pass("the file cannot be read", 500);
                break;
        }
    }

    /// <summary>The same address with a slash behind it, so that its links lead into it.</summary>
    private static string FolderOf(HttpExchange exchange)
    {
        var request = exchange.Request;
        var path = string.Join('/', request.Segments.Select(Uri.EscapeDataString));
        var query = request.QueryString;
        var isPlain = query.Length > 0 && !query.AsSpan().ContainsAnyExceptInRange('!', '~');
        return isPlain ? $"/{path}/?{query}" : $"/{path}/";
    }
}
