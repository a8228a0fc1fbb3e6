using System.Threading;
using NLog;
using NLog.Config;
using NLog.Targets;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Logging;

namespace Reactor.Server.Tests.Logging;

/// <summary>A log that cannot be written costs lines, and nobody's time.</summary>
[TestFixture]
[NonParallelizable]
public sealed class LogQueueTests
{
    private LoggingConfiguration? _before;

    [SetUp]
    public void Remember() => _before = LogManager.Configuration;

    [TearDown]
    public void Restore() => LogManager.Configuration = _before;

    [TestCase(100)]
    [TestCase(10_000)]
    public void Max_lines_wait_and_what_comes_beyond_is_dropped_and_counted(int most)
    {
        Assert.That(new LogOptions().MaxLines, Is.EqualTo(10_000));
        using var stuck = new StuckTarget();
        LogSetup.Start(stuck, new LogOptions { MaxLines = most });
        var log = LogManager.GetLogger("flood");
        var before = LogSetup.Dropped;
        log.Info("the one that is being written");
        stuck.Begun.Wait();

        for (var i = 0; i < most; i++)
            log.Info("waits");
        Assert.That(LogSetup.Dropped - before, Is.Zero);
        log.Info("one too many");
        Assert.That(LogSetup.Dropped - before, Is.EqualTo(1));

        stuck.GoesOn.Set();
        LogManager.Flush();
        Assert.That(stuck.Written, Is.EqualTo(1 + most));
        log.Info("there is room again");
        LogManager.Flush();
        Assert.That(stuck.Written, Is.EqualTo(2 + most));
        Assert.That(LogSetup.Dropped - before, Is.EqualTo(1));
    }

    /// <summary>A disk that takes nothing until it is told to.</summary>
    private sealed class StuckTarget : TargetWithLayout
    {
        public ManualResetEventSlim Begun { get; } = new();

        public ManualResetEventSlim GoesOn { get; } = new();

        public int Written { get; private set; }

        protected override void Write(LogEventInfo logEvent)
        {
            Begun.Set();
            GoesOn.Wait();
            Written++;
        }
    }
}
