using System;

namespace Reactor.Tests.Harness;

/// <summary>How long a test waits for what is certain to come.</summary>
internal static class Patience
{
    /// <summary>
    /// Much longer than any film, for a machine that is slow or has much else to do; and short
    /// enough that a hang is found the same day.
    /// </summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
}
