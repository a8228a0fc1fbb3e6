namespace Reactor.Server.Http;

/// <summary>The policy file that Flash players ask for before they read a stream (S4.25).</summary>
internal static class CrossdomainRoute
{
    public static void Allow(HttpExchange exchange)
    {
        if (!exchange.Server.Options.Http.CrossdomainXml)
        {
            exchange.Pass();
            return;
        }
        exchange.Answer(
            200,
            "application/xml",
            """
            <?xml version="1.0"?>
            <cross-domain-policy>
              <allow-access-from domain="*" />
              <allow-http-request-headers-from domain="*" headers="*" />
            </cross-domain-policy>

            """u8);
    }
}
