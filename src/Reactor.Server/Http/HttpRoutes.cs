using System.Collections.Generic;
using Reactor.Protocol.Http;
using static Reactor.Server.Http.HttpRoles;

namespace Reactor.Server.Http;

/// <summary>The table of everything that is answered over HTTP.</summary>
/// <remarks>
/// The first row that fits answers, or passes on to the next: so a path is a live stream first,
/// then a file (S3.3), then a stream to be waited for; and at last it is not found.
/// </remarks>
internal static class HttpRoutes
{
    private static readonly HttpMethod[] Read = [HttpMethod.Get, HttpMethod.Head];

    public static IReadOnlyList<HttpRoute> Table { get; } =
    [
        //  on listeners   methods  path                  answered by
        new(Flv,           Read,    "/*.flv",             FlvRoutes.PlayLive),
        new(Flv,           Read,    "/streams",           StreamsRoute.List),
        new(Flv | Hls,     Read,    "/*crossdomain.xml",  CrossdomainRoute.Allow),
        new(Player,        Read,    "/",                  WebRoute.Serve),
        new(Player,        Read,    "/player",            WebRoute.Serve),
        new(Player,        Read,    "/assets/*",          WebRoute.Serve),
        new(Player,        Read,    "/api/v1/player",     PlayerRoute.Describe),
        new(Player,        Read,    "/api/v1/streams",    PlayerRoute.List),
        new(Console,       Read,    "/",                  WebRoute.ToConsole),
        new(Console,       Read,    "/console",           WebRoute.Serve),
        new(Console,       Read,    "/assets/*",          WebRoute.Serve),
        new(Flv,           Read,    "/*.flv",             FlvRoutes.PlayWhenPublished),
    ];
}
