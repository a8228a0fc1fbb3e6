using System;
using System.IO;

namespace Reactor.Tests.Harness;

/// <summary>A disk of its own in memory, that is soon full; gone with its owner.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder;

    private SmallDisk(TemporaryFolder folder) => _folder = folder;

    public string Path => _folder.Path;

    /// <returns>Null where we may not mount one.</returns>
    public static SmallDisk? TryMount(int bytes, string option = "rw")
    {
        var folder = new TemporaryFolder();
        if (Run("mount", "-t", "tmpfs", "-o", $"{option},size={bytes}", "tmpfs", folder.Path))
            return new SmallDisk(folder);
        folder.Dispose();
        return null;
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = new ChildProcess(program, arguments);
            return process.WaitForExit(TimeSpan.FromSeconds(10)) == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;                       // no such program here
        }
    }
}
