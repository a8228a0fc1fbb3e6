using System.Linq;
using System.Net;
using NLog;
using Reactor.Server.Authorisation;

namespace Reactor;

/// <summary>The log before the listeners: which program, whose word, what is open.</summary>
internal static class FirstLines
{
    private static readonly Logger Log = LogManager.GetLogger("start");

    public static void Write(Settings settings)
    {
        Log.Info("{Program:l}", Versions.OneLine);
        if (settings.Missing is { } missing)
            Log.Warn("{File:l} is not there: every setting is its default", missing);
        else if (settings.File is null)
            Log.Info("no reactor.json found: every setting is its default");
        else
            Log.Info("configuration {File:l}", settings.File);

        var open = settings.Options.Rtmp.Listen
            .FirstOrDefault(address => !IPAddress.IsLoopback(address.EndPoint.Address));
        if (open is not null && AuthMethods.IsPublishOpen(settings.Options))
        {
            Log.Warn(
                "anyone who reaches {Address:l} may publish: defaults.publish.key asks for a key, "
                    + "--listen 127.0.0.1:{Port} lets in this machine alone",
                open.Text, open.EndPoint.Port);
        }
    }
}
