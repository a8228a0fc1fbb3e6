using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Reactor.Testing.Fuzzing;

/// <summary>All targets, and the inputs that are kept for each.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new HandshakeTarget(),
        new ChunkTarget(),
        new AmfTarget(0),
        new AmfTarget(3),
        new CommandTarget(),
        new ServerTarget(),
        new ClientTarget(),
        new FlvTarget(),
        new FlvScanTarget(),
        new FlvMetadataTarget(),
        new Mp4Target(),
        new RelayUrlTarget(),
        new HttpRequestTarget(),
        new HttpResponseTarget(),
        new WebSocketTarget(),
        new ProxyTarget(),
        new CodecTarget(),
        new HlsTarget(),
        new AddressTarget(),
        new ConfigTarget(),
        new RespTarget(),
        new JwtTarget(),
        new QueryTarget(),
        new RoomsTarget(),
    ];

    /// <summary>The corpus of a target: each a file that once showed something new.</summary>
    public static IEnumerable<(string Name, byte[] Input)> CorpusOf(FuzzTarget target)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name);
        if (!Directory.Exists(folder))
            return [];
        return Directory.EnumerateFiles(folder)
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)));
    }
}
