using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Fuzzing;

/// <summary>Stream addresses: app, tcUrl and name, a line each.</summary>
public sealed class AddressTarget : FuzzTarget
{
    private static readonly string[] Words =
    [
        "/", "//", "..", ".", "%", "%2e", "%2F", "%00", "%25", "?", "&", "=", "#", "://",
        "rtmp://h/", "_definst_", "...vhost...", "vhost=", "mp4:", "live", "cam", "\\", "é",
        "\n", "\n", "\n",
    ];

    public override string Name => "address";

    protected override bool IsResumable => false;

    public override byte[] Generate(Random random) =>
        Encoding.UTF8.GetBytes("live\nrtmp://h/live\n" + Draw(random, Words, 12));

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var parts = Encoding.UTF8.GetString(pieces.Single()).Split('\n', 3);
        var (app, tcUrl) = (parts[0], parts.ElementAtOrDefault(1) ?? "");
        var name = parts.ElementAtOrDefault(2) ?? "";
        const int bytesMax = StreamAddress.DefaultBytesMax;
        if (!StreamAddress.TryParse(app, tcUrl, name, bytesMax, out var address, out var why))
        {
            seen.Add(why);
            return;
        }
        var segments = address!.Path.Split('/');
        Invariant.Holds(Encoding.UTF8.GetByteCount(address.Path) <= bytesMax);
        Invariant.Holds(!segments.Any(segment => segment is "" or "." or ".."));
        Invariant.Holds(!address.Path.Any(c => char.IsControl(c) || c == '\\'));
        Invariant.Holds(address.Parameters.Pairs.Count <= QueryParameters.ParametersMax);
        var (depth, parameters) = (segments.Length, address.Parameters.Pairs.Count);
        seen.Add($"{Math.Min(depth, 8)} {address.Vhost.Length > 0} {Math.Min(parameters, 4)}");
    }
}
