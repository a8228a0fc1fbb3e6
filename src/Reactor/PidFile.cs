using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Reactor;

/// <summary>The process's number in a file, while it runs.</summary>
/// <remarks>
/// A number alone does not say whose it is, for the system uses numbers again: a file is live
/// while a process of that number and of our names runs that began before the file was written.
/// </remarks>
internal sealed class PidFile : IDisposable
{
    /// <summary>Clocks of files and of processes differ by some ticks.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly string _text = $"{Environment.ProcessId}\n";

    private PidFile(string path) => _path = path;

    /// <summary>The process that a file names, if it runs.</summary>
    /// <param name="path">The file.</param>
    /// <param name="why">Why there is none, for people.</param>
    public static int? FindLive(string path, out string why)
    {
        var text = Read(path);
        if (text is null)
        {
            why = $"{path} is not there: the server does not run, or runs with another pid_file";
            return null;
        }
        if (!int.TryParse(
            text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            why = $"{path} does not hold the number of a process";
            return null;
        }
        why = $"process {number} of {path} does not run: the file was left behind";
        return IsServer(number, path) ? number : null;
    }

    /// <summary>Writes the file, over one that was left behind.</summary>
    /// <param name="path">Empty for no file.</param>
    /// <param name="why">Why it cannot be written; empty when it was, or need not be.</param>
    public static PidFile? Write(string path, out string why)
    {
        why = "";
        if (path.Length == 0)
            return null;
        try
        {
            var file = new PidFile(path);
            var whole = path + ".new";          // so that nobody ever reads half a number
            File.WriteAllText(whole, file._text);
            File.Move(whole, path, overwrite: true);
            return file;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            why = $"process.pid_file: {refused.Message}";
            return null;
        }
    }

    /// <summary>Removes the file, unless another process has put its own in its place.</summary>
    public void Dispose()
    {
        if (Read(_path) == _text)
            File.Delete(_path);
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>One of us may be its own program, and the other run by dotnet.</summary>
    private static bool IsOurs(string name)
    {
        using var ours = Process.GetCurrentProcess();
        return name == ours.ProcessName || name == "dotnet"
            || name.Equals(nameof(Reactor), StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsServer(int number, string path)
    {
        if (number == Environment.ProcessId)
            return false;                       // in a container we may have it again
        try
        {
            using var process = Process.GetProcessById(number);
            return IsOurs(process.ProcessName)
                && process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(path) + Slack;
        }
        catch (Exception gone)
            when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }
}
