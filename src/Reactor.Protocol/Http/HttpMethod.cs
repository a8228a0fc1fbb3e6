namespace Reactor.Protocol.Http;

/// <summary>The methods that anybody here answers; any other is refused with 501.</summary>
public enum HttpMethod
{
    Get,
    Head,
    Post,
    Put,
    Delete,
    Options,
    Patch,
}
