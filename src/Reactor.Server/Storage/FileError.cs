using System;
using System.IO;
using System.Security;

namespace Reactor.Server.Storage;

/// <summary>What kind of trouble a file gave, as far as its user can act on it.</summary>
public enum FileFailure
{
    /// <summary>No such file or folder.</summary>
    NotFound,

    /// <summary>We may not, or it is a folder, or it lies outside where it must lie.</summary>
    Denied,

    /// <summary>A new file was asked for, and there is one.</summary>
    Exists,

    /// <summary>The disk, or our share of it, is full.</summary>
    Full,

    /// <summary>Too much is under way, or no descriptor is left: later it may work.</summary>
    Busy,

    /// <summary>Larger than the caller takes.</summary>
    TooLarge,

    /// <summary>The server stops: it is not done, or nobody will hear that it was.</summary>
    Stopped,

    /// <summary>Anything else: the disk broke, the name is impossible.</summary>
    Other,
}

/// <summary>Why something was not done with a file; the absence of one is success.</summary>
/// <param name="Failure">The kind.</param>
/// <param name="Text">One line for a log, naming the file.</param>
public sealed record FileError(FileFailure Failure, string Text)
{
    private const int UnixTooManyInSystem = 23;
    private const int UnixTooMany = 24;
    private const int UnixExists = 17;
    private const int UnixFull = 28;
    private const int UnixQuota = 122;
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsExists = unchecked((int)0x80070050);
    private const int WindowsFull = unchecked((int)0x80070070);

    /// <summary>The number (HResult) that a full disk gives, here.</summary>
    public static int FullCode => OperatingSystem.IsWindows() ? WindowsFull : UnixFull;

    /// <summary>The number (HResult) that a file in the way gives, here.</summary>
    public static int ExistsCode => OperatingSystem.IsWindows() ? WindowsExists : UnixExists;

    /// <summary>What a thrown exception means; null for one that no disk throws.</summary>
    public static FileError? Of(Exception thrown, SafePath path) => thrown switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new FileError(FileFailure.NotFound, $"{path}: not found"),
        UnauthorizedAccessException or SecurityException =>
            new FileError(FileFailure.Denied, $"{path}: denied"),
        FileException ours => new FileError(ours.Failure, $"{path}: {ours.Message}"),
        PathTooLongException =>
            new FileError(FileFailure.NotFound, $"{path}: longer than any name can be"),
        IOException => new FileError(Of(thrown.HResult), $"{path}: {FirstLine(thrown.Message)}"),
        ArgumentException or NotSupportedException =>
            new FileError(FileFailure.Other, $"{path}: {FirstLine(thrown.Message)}"),
        _ => null,
    };

    private static FileFailure Of(int code) => code switch
    {
        UnixFull or UnixQuota or WindowsFull or WindowsHandleDiskFull => FileFailure.Full,
        UnixExists or WindowsExists => FileFailure.Exists,
        UnixTooMany or UnixTooManyInSystem or WindowsSharing => FileFailure.Busy,
        _ => FileFailure.Other,
    };

    private static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
