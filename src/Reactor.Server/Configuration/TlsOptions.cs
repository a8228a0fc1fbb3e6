using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>A version of TLS.</summary>
public enum TlsVersion
{
    /// <summary>RFC 5246.</summary>
    Tls12,

    /// <summary>RFC 8446.</summary>
    Tls13,
}

/// <summary>What the listeners with TLS have in common: sections <c>rtmps</c>, <c>https</c>.
/// </summary>
public abstract record TlsOptions
{
    private static readonly Unit<TlsVersion> Version = new ChoiceUnit<TlsVersion>(["1.2", "1.3"]);

    public string Cert { get; init; } = "server.crt";
    public string Key { get; init; } = "server.key";
    public TlsVersion MinVersion { get; init; } = TlsVersion.Tls12;
    public IReadOnlyList<string> Alpn { get; init; } = [];
    public bool ReloadCert { get; init; } = true;

    /// <summary>The rows of these keys, for the table of a section.</summary>
    internal static IEnumerable<Key<T>> Rows<T>()
        where T : TlsOptions => new Section<T>("")
        {
            { "cert", Text, New,
                o => o.Cert, (o, v) => o with { Cert = v },
                "The certificate in PEM, and behind it those that vouch for it." },
            { "key", Text, New,
                o => o.Key, (o, v) => o with { Key = v },
                "Its key in PEM, without a password." },
            { "min_version", Version, New,
                o => o.MinVersion, (o, v) => o with { MinVersion = v },
                "The oldest version of TLS that is spoken." },
            { "alpn", Texts, New,
                o => o.Alpn, (o, v) => o with { Alpn = v },
                "Protocols to agree upon with clients that ask for one (ALPN); [] for any." },
            { "reload_cert", Flag, Live,
                o => o.ReloadCert, (o, v) => o with { ReloadCert = v },
                "Looks at both files every 10 s, and shows new connections what is new in them. A "
                    + "reload looks too." },
        };
}
