using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;

namespace Reactor.Server.Configuration;

/// <summary>What becomes of the options in force when others are read.</summary>
public static class OptionsReload
{
    /// <summary>The options to go on with: the new ones, but for what needs a restart.</summary>
    /// <param name="inForce">As they are now.</param>
    /// <param name="read">As the sources say now.</param>
    /// <param name="changes">Every key that differs, also those that wait for a restart.</param>
    public static ServerOptions Merge(
        ServerOptions inForce, ServerOptions read, out IReadOnlyList<ConfigChange> changes)
    {
        var found = new List<ConfigChange>();
        ServerOptions.Keys.Compare(inForce, read, "", found);
        changes = found;
        return ServerOptions.Keys.KeepRestart(inForce, read);
    }

    internal static string WordOf(Applies applies) => applies switch
    {
        Applies.Live => "live",
        Applies.New => "new",
        _ => "restart",
    };
}
