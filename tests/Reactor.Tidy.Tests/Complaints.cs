using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Tidy.Tests;

internal static class Complaints
{
    /// <summary>Fails with all of them, a line each: a list cut short hides the rest.</summary>
    public static void AreNone(IEnumerable<string> complaints)
    {
        var all = complaints.ToList();
        if (all.Count > 0)
            Assert.Fail(string.Join('\n', all));
    }
}
