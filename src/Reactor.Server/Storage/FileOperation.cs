using System;
using Reactor.Transport.Polling;

namespace Reactor.Server.Storage;

/// <summary>One thing asked of the disk: done on another thread, answered on the loop.</summary>
internal abstract class FileOperation(SafePath path, IFaultTarget? owner)
{
    public SafePath Path => path;

    /// <summary>Whose fault it is if the answer cannot be taken.</summary>
    public IFaultTarget? Owner => owner;

    /// <summary>Gives back what was kept for the work; called once, at the very end.</summary>
    public Action? Released { get; init; }

    /// <summary>On another thread.</summary>
    public abstract void Work();

    /// <summary>On the loop: it was done, or why it was not.</summary>
    public abstract void Answer(FileError? error);

    /// <summary>On the loop: it was done after all, when its owner had been told otherwise.
    /// </summary>
    public abstract void Abandon();
}

/// <summary>An operation that yields something.</summary>
internal sealed class FileOperation<T>(
    SafePath path, IFaultTarget? owner, Func<T> work, Action<FileResult<T>> done)
    : FileOperation(path, owner)
    where T : notnull
{
    private T? _value;

    public override void Work() => _value = work();

    public override void Answer(FileError? error) =>
        done(new FileResult<T>(error is null ? _value : default, error));

    public override void Abandon() => (_value as IDisposable)?.Dispose();
}
