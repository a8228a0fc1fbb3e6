using System.Collections.Generic;
using Reactor.Server.Storage;

namespace Reactor.Server.Recording;

/// <summary>Files that are being written: none has two writers, and none is deleted.</summary>
internal sealed class RecordingNames
{
    private readonly Dictionary<string, bool> _isEnding = [];

    /// <returns>False when somebody writes it.</returns>
    public bool TryTake(SafePath path) => _isEnding.TryAdd(path.Text, false);

    /// <summary>No tag comes any more; what waits is still being written.</summary>
    public void End(SafePath path)
    {
        if (_isEnding.ContainsKey(path.Text))
            _isEnding[path.Text] = true;
    }

    /// <summary>It is closed.</summary>
    public void Leave(SafePath path) => _isEnding.Remove(path.Text);

    public bool IsTaken(SafePath path) => _isEnding.ContainsKey(path.Text);

    /// <summary>Whether it is about to be closed, and can be written on then.</summary>
    public bool IsEnding(SafePath path) => _isEnding.GetValueOrDefault(path.Text);
}
