using Reactor.Server.Http;

namespace Reactor.Server.Control;

/// <summary>The description of the REST interface: openapi.json beside this file.</summary>
internal static class OpenApi
{
    private static readonly byte[] Document = Load();

    public static void Answer(HttpExchange exchange) =>
        exchange.Answer(200, "application/json", Document);

    private static byte[] Load()
    {
        using var stream = typeof(OpenApi).Assembly.GetManifestResourceStream("openapi.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
