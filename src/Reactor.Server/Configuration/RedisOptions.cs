using System;
using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>As whom Redis is spoken to: in the sections <c>rooms</c> and <c>cluster</c>.
/// </summary>
public abstract record RedisOptions
{
    public string RedisUser { get; init; } = "";
    public string RedisPwd { get; init; } = "";
    public int RedisDb { get; init; }
    public TimeSpan RedisTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The rows of these keys, for the table of a section.</summary>
    internal static IEnumerable<Key<T>> Rows<T>()
        where T : RedisOptions => new Section<T>("")
        {
            { "redis_user", Text, Restart,
                o => o.RedisUser, (o, v) => o with { RedisUser = v },
                "Its user; empty for the default one." },
            { "redis_pwd", Text, Restart,
                o => o.RedisPwd, (o, v) => o with { RedisPwd = v },
                "Its password; empty for none." },
            { "redis_db", Count(0, 1 << 20), Restart,
                o => o.RedisDb, (o, v) => o with { RedisDb = v },
                "Its database." },
            { "redis_timeout", Duration("100ms", "1m"), Restart,
                o => o.RedisTimeout, (o, v) => o with { RedisTimeout = v },
                "How long an answer may take; then it is away." },
        };
}
