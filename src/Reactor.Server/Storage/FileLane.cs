using System.Collections.Generic;

namespace Reactor.Server.Storage;

/// <summary>Operations that keep their order: of one file, or of the names in one folder.</summary>
/// <remarks>Invariant: at most one of them is with the work queue.</remarks>
internal sealed class FileLane
{
    public Queue<FileOperation> Waiting { get; } = new();

    /// <summary>What the work queue has.</summary>
    public FileOperation? UnderWay { get; set; }

    /// <summary>Whether it waits for the work queue to have room again.</summary>
    public bool IsStalled { get; set; }

    /// <summary>The folder whose names it is about; null for a file's lane.</summary>
    public string? Folder { get; init; }

    /// <summary>The file that it belongs to, once it is open.</summary>
    public StoredFile? File { get; set; }

    public bool IsEmpty => UnderWay is null && Waiting.Count == 0;
}
