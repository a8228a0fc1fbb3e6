using System;
using System.ComponentModel;

namespace Reactor.Transport.Network;

/// <summary>What became of one attempt to read, write or accept.</summary>
public enum IoStatus
{
    /// <summary>Bytes were moved, or a connection was taken.</summary>
    Done,

    /// <summary>Not now; readiness will tell.</summary>
    WouldBlock,

    /// <summary>The peer sends no more (FIN).</summary>
    Ended,

    /// <summary>Descriptors or kernel memory ran out (EMFILE, ENFILE, ENOBUFS, ENOMEM).</summary>
    Exhausted,

    /// <summary>The connection is gone.</summary>
    Failed,
}

/// <summary>The answer to one attempt; "would block" happens all day, so it is a value.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Bytes">Bytes moved, when done.</param>
/// <param name="Error">The system's error number, when failed or exhausted.</param>
public readonly record struct IoResult(IoStatus Status, int Bytes, int Error)
{
    public static IoResult WouldBlock => new(IoStatus.WouldBlock, 0, 0);

    public static IoResult Ended => new(IoStatus.Ended, 0, 0);

    public static IoResult Done(int bytes) => new(IoStatus.Done, bytes, 0);

    public static IoResult Failed(int error) => new(IoStatus.Failed, 0, error);

    public static IoResult Exhausted(int error) => new(IoStatus.Exhausted, 0, error);

    /// <summary>Failed for a reason that has no number: TLS broke off.</summary>
    public static IoResult Broken(string why) => new(IoStatus.Failed, 0, 0) { Reason = why };

    /// <summary>The reason, where it is not the system's.</summary>
    public string? Reason { get; init; }

    /// <summary>The error in words, for a log line.</summary>
    public string Describe() =>
        Reason ?? (Error == 0 ? Status.ToString() : new Win32Exception(Error).Message);
}

/// <summary>A socket could not be set up.</summary>
public sealed class NetworkException : Exception
{
    public NetworkException()
    {
    }

    public NetworkException(string message)
        : base(message)
    {
    }

    public NetworkException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
