using System;
using System.IO;

namespace Reactor.Tests.Harness;

/// <summary>A folder that is gone with its owner.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("reactor-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
