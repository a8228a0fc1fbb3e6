using System;

namespace Reactor.Testing;

/// <summary>What this thread allocates.</summary>
public static class Allocated
{
    private const int TriesMax = 10;

    /// <summary>The bytes that something allocates.</summary>
    /// <param name="what">Done again where a collection fell into it.</param>
    /// <remarks>
    /// A collection on behalf of another thread, such as the test host's, takes the rest of this
    /// thread's allocation buffer (up to 8 KiB) and counts it as used: such a count says nothing.
    /// </remarks>
    public static long By(Action what)
    {
        for (var tries = 1; ; tries++)
        {
            var collections = GC.CollectionCount(0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            what();
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (collections == GC.CollectionCount(0) || tries == TriesMax)
                return bytes;
        }
    }
}
