using System;
using System.IO;

namespace Reactor.Server.Storage;

/// <summary>Trouble that no system call tells of: a bound of ours.</summary>
internal sealed class FileException : IOException
{
    public FileException()
    {
    }

    public FileException(string message)
        : base(message)
    {
    }

    public FileException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public FileException(FileFailure failure, string message)
        : base(message) => Failure = failure;

    public FileFailure Failure { get; } = FileFailure.Other;
}
