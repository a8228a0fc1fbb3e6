using System.Diagnostics.CodeAnalysis;

namespace Reactor.Server.Storage;

/// <summary>What came of asking the disk for something: a value, or why there is none.</summary>
/// <param name="Value">What was asked for; only lent, until the callback returns.</param>
/// <param name="Error">Why there is none; null when there is.</param>
public readonly record struct FileResult<T>(T? Value, FileError? Error)
    where T : notnull
{
    /// <summary>The value, when there is one.</summary>
    public bool IsOk([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out FileError? error)
    {
        (value, error) = (Value, Error);
        return error is null;
    }
}
