using System.Collections.Generic;
using Reactor.Protocol.Http;
using Reactor.Server.Control;
using static Reactor.Server.Http.HttpRoles;

namespace Reactor.Server.Http;

/// <summary>The table of everything that is answered over HTTP.</summary>
/// <remarks>
/// The first row that fits answers, or passes on to the next: so a path is a live stream first,
/// then a recording, then a file (S3.3), then a stream to be waited for; and at last it is not
/// found.
/// </remarks>
internal static class HttpRoutes
{
    /// <summary>The role, which a namespace here shares its name with.</summary>
    private const HttpRoles Api = HttpRoles.Control;
    private const HttpRoles Operate = HttpRoles.Control | HttpRoles.Console;

    private static readonly HttpMethod[] Read = [HttpMethod.Get, HttpMethod.Head];
    private static readonly HttpMethod[] Delete = [HttpMethod.Delete];
    private static readonly HttpMethod[] Kick = [.. Read, HttpMethod.Delete];
    private static readonly HttpMethod[] Order = [.. Kick, HttpMethod.Post];

    public static IReadOnlyList<HttpRoute> Table { get; } =
    [
        //  on listeners   methods  path                  answered by
        new(Flv,           Read,    "/*.flv",             FlvRoutes.PlayLive),
        new(Flv,           Read,    "/streams",           StreamsRoute.List),
        new(Hls,           Read,    "/*.m3u8",            HlsRoutes.Playlist),
        new(Hls,           Read,    "/*.ts",              HlsRoutes.Segment),
        new(Hls,           Read,    "/*.m4s",             HlsRoutes.Segment),
        new(Hls,           Read,    "/*.mp4",             HlsRoutes.Segment),
        new(Flv | Hls,     Read,    "/*crossdomain.xml",  CrossdomainRoute.Allow),
        new(Player,        Read,    "/",                  WebRoute.Serve),
        new(Player,        Read,    "/player",            WebRoute.Serve),
        new(Player,        Read,    "/assets/*",          WebRoute.Serve),
        new(Player,        Read,    "/api/v1/player",     PlayerRoute.Describe),
        new(Console,       Read,    "/",                  WebRoute.ToConsole),
        new(Console,       Read,    "/console",           ControlGate.Page(WebRoute.Serve)),
        new(Console,       Read,    "/assets/*",          WebRoute.Serve),
        new(Api,           Read,    "/control/get",       ControlGate.Livego(RoomRoutes.Get)),
        new(Api,           Read,    "/control/reset",     ControlGate.Livego(RoomRoutes.Reset)),
        new(Api,           Read,    "/control/delete",    ControlGate.Livego(RoomRoutes.Delete)),
        new(Api,           Read,    "/control/push",      ControlGate.Livego(RelayRoutes.Push)),
        new(Api,           Read,    "/control/pull",      ControlGate.Livego(RelayRoutes.Pull)),
        new(Api,           Read,    "/stat/livestat",     ControlGate.Livego(LivestatRoute.Answer)),
        new(Api,           Read,    "/stat",              ControlGate.Nginx(NginxStat.Answer)),
        new(Api,           Read,    "/control/drop/*",    ControlGate.Nginx(NginxControl.Drop)),
        new(Api,           Read,    "/control/redirect/*",
            ControlGate.Nginx(NginxControl.Redirect)),
        new(Operate,       Read,    "/api/v1/server",     ControlGate.Only(ApiRoutes.Server)),
        new(Operate,       Read,    "/api/v1/streams",    ControlGate.OrPass(ApiRoutes.Streams)),
        new(Player,        Read,    "/api/v1/streams",    PlayerRoute.List),
        new(Operate,       Kick,    "/api/v1/streams/*",  ControlGate.Only(ApiRoutes.Stream)),
        new(Operate,       Read,    "/api/v1/clients",    ControlGate.Only(ApiRoutes.Clients)),
        new(Operate,       Delete,  "/api/v1/clients/*",  ControlGate.Only(ApiRoutes.KickClient)),
        new(Api,           Read,    "/statics/*",
            ControlGate.Livego(StaticRoute.ServeLivego)),
        new(Api,           Read,    "/control/record/*",  ControlGate.Nginx(RecordRoutes.Order)),
        new(Operate,       Order,   "/api/v1/relays",     ControlGate.Only(RelayRoutes.Relays)),
        new(Operate,       Order,   "/api/v1/recordings",
            ControlGate.Only(RecordRoutes.Recordings)),
        new(Operate,       Read,    "/api/v1/openapi.json", ControlGate.Only(OpenApi.Answer)),
        new(Metrics,       Read,    "/metrics",           ControlGate.Only(MetricsRoute.Answer)),
        new(Flv,           Read,    "/*.flv",             VodRoute.Serve),
        new(Flv,           Read,    "/*.mp4",             VodRoute.ServeMp4),
        new(Flv | Hls,     Read,    "/*",                 StaticRoute.Serve),
        new(Flv,           Read,    "/*.flv",             FlvRoutes.PlayWhenPublished),
    ];
}
