using System;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>What holds for relays of a live stream in either direction: section <c>relay</c>.
/// </summary>
public sealed record RelayOptions
{
    public TimeSpan Buffer { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public bool VerifyTls { get; init; } = true;
    public bool PassQuery { get; init; } = true;

    internal static readonly Section<RelayOptions> Keys = new(
        "Relays, in either direction.")
    {
        { "buffer", Duration("0s", "1m"), New,
            o => o.Buffer, (o, v) => o with { Buffer = v },
            "How much a pull says to buffer." },
        { "connect_timeout", Duration("100ms", "1h"), New,
            o => o.ConnectTimeout, (o, v) => o with { ConnectTimeout = v },
            "The other server must have said something by then; it is tried again." },
        { "answer_timeout", Duration("100ms", "1h"), New,
            o => o.AnswerTimeout, (o, v) => o with { AnswerTimeout = v },
            "From there until it accepts the stream." },
        { "verify_tls", Flag, New,
            o => o.VerifyTls, (o, v) => o with { VerifyTls = v },
            "An rtmps peer must have a certificate that the system trusts." },
        { "pass_query", Flag, Live,
            o => o.PassQuery, (o, v) => o with { PassQuery = v },
            "An edge hands the query of its first player or publisher on to the origin." },
    };
}
