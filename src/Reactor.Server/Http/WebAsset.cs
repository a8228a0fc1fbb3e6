using System;
using System.Buffers;
using System.IO;
using System.Security.Cryptography;

namespace Reactor.Server.Http;

/// <summary>A file of the built-in pages, and what an answer with it has to say.</summary>
/// <remarks>Read at its first use, and kept: a page that nobody opens costs no memory.</remarks>
public sealed class WebAsset
{
    private const int TagCharacters = 20;       // 80 bits: no two builds meet by chance

    /// <summary>Nothing inline, and nothing from elsewhere.</summary>
    private const string OwnFilesOnly =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        + "base-uri 'none'; form-action 'self'; ";

    private static readonly SearchValues<char> Base32 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

    private readonly Func<Stream> _open;
    private readonly Func<Stream>? _openGzip;
    private string? _tag;

    internal WebAsset(string name, Func<Stream> open, Func<Stream>? openGzip)
    {
        Name = name;
        ContentType = MediaTypes.Of(Path.GetExtension(name));
        CacheControl = HasHash(name) ? "public, max-age=31536000, immutable" : "no-cache";
        _open = open;
        _openGzip = openGzip;
    }

    /// <summary>Path below the root of the pages, as <c>assets/player-AB23CD45.js</c>.</summary>
    public string Name { get; }

    /// <summary>200, or 503 for the page that stands in for pages which were not built.</summary>
    public int Status { get; init; } = 200;

    public string ContentType { get; }

    /// <summary>What a page may do, for the header Content-Security-Policy; else null.</summary>
    /// <remarks>
    /// The player may show streams of any server, and stand in anybody's page. The console asks
    /// its own server only, and in a stranger's page its buttons could be pressed unawares.
    /// </remarks>
    public string? Policy => Name switch
    {
        "console.html" => OwnFilesOnly + "connect-src 'self'; frame-ancestors 'none'",
        "index.html" => OwnFilesOnly + "connect-src * ws: wss:; media-src * blob:",
        _ => null,
    };

    /// <summary>For ever where the name bears a hash; else with a question each time.</summary>
    public string CacheControl { get; }

    /// <summary>A strong validator, with its quotes (RFC 9110 §8.8.3).</summary>
    public string ETag => $"\"{Tag}\"";

    /// <summary>That of the compressed bytes, which are another representation.</summary>
    public string GzipETag => $"\"{Tag}-gzip\"";

    public ReadOnlyMemory<byte> Bytes => field.IsEmpty ? field = Read(_open) : field;

    /// <summary>For who accepts <c>gzip</c>; empty where there is no such copy.</summary>
    public ReadOnlyMemory<byte> Gzip =>
        field.IsEmpty && _openGzip is not null ? field = Read(_openGzip) : field;

    private string Tag => _tag ??= ReadTag();

    private string ReadTag()
    {
        using var content = _open();
        return Convert.ToHexStringLower(SHA256.HashData(content))[..TagCharacters];
    }

    private static byte[] Read(Func<Stream> open)
    {
        using var content = open();
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>As of esbuild: a dash and eight digits of base 32 before the ending.</summary>
    private static bool HasHash(string name)
    {
        var stem = Path.GetFileName(name.AsSpan());
        var dot = stem.IndexOf('.');
        var dash = stem.LastIndexOf('-');
        return dash >= 0 && dot - dash == 9
            && !stem[(dash + 1)..dot].ContainsAnyExcept(Base32);
    }
}
