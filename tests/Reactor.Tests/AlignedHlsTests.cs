using System.Threading.Tasks;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>One ffmpeg sends to two servers, whose segments stand in for one another.</summary>
[NonParallelizable]     // a second too late, and the server that dies was the only one to have it
public sealed class AlignedHlsTests
{
    [Test]
    public Task They_make_the_same_segments_and_a_viewer_goes_from_one_that_dies_to_the_other()
        => Task.WhenAll(
            Task.Run(new AlignedServers("ts").StandInForOneAnother),
            Task.Run(new AlignedServers("fmp4").StandInForOneAnother));
}
