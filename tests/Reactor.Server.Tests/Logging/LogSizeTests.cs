using System.IO;
using System.Linq;
using NLog;
using NLog.Config;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Logging;

namespace Reactor.Server.Tests.Logging;

/// <summary>A log's file has a bound, where the operator wants one.</summary>
[TestFixture]
[NonParallelizable]
public sealed class LogSizeTests
{
    private LoggingConfiguration? _before;
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void Begin()
    {
        _before = LogManager.Configuration;
        _folder = Directory.CreateTempSubdirectory("reactor-log-");
    }

    [TearDown]
    public void End()
    {
        LogManager.Configuration = _before;
        _folder.Delete(recursive: true);
    }

    [Test]
    public void Beyond_max_size_it_is_put_aside_and_as_many_stay_as_are_kept()
    {
        Write(lines: 60, maxSize: 1000, keep: 3);

        var files = _folder.GetFiles().OrderBy(file => file.LastWriteTimeUtc).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(files, Has.Length.EqualTo(1 + 3));
            Assert.That(files.Select(file => file.Length), Is.All.LessThan(3 * 1000));
            Assert.That(files.Select(file => file.Name), Does.Contain("reactor.log"));
            Assert.That(
                File.ReadAllText(Path.Combine(_folder.FullName, "reactor.log")),
                Does.Contain("line 59 "));
            Assert.That(files.Select(file => File.ReadAllText(file.FullName)),
                Has.None.Contains("line 0 "));
        });
    }

    [Test]
    public void Another_run_goes_on_and_the_files_of_others_stay()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "reactor.old.log"), "kept by hand");
        Write(lines: 60, maxSize: 1000, keep: 3);
        Write(lines: 60, maxSize: 1000, keep: 3);

        Assert.Multiple(() =>
        {
            Assert.That(_folder.GetFiles(), Has.Length.EqualTo(1 + 3 + 1));
            Assert.That(_folder.GetFiles("reactor.old.log"), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public void By_default_it_grows()
    {
        Assert.That(new LogOptions().MaxSize, Is.Zero);
        Write(lines: 60, maxSize: 0, keep: 3);

        Assert.That(_folder.GetFiles().Single().Length, Is.GreaterThan(60 * 100));
    }

    private void Write(int lines, long maxSize, int keep)
    {
        var file = Path.Combine(_folder.FullName, "reactor.log");
        LogSetup.Start(new LogOptions { File = file, MaxSize = maxSize, Keep = keep });
        var log = LogManager.GetLogger("size");
        for (var i = 0; i < lines; i++)
        {
            log.Info("line {Line} {Rest}", i, new string('.', 80));
            LogManager.Flush();     // what waits together is written together
        }
        LogManager.Configuration = null;
    }
}
