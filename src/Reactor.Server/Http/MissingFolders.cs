using System.Collections.Generic;
using Reactor.Server.Storage;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server.Http;

/// <summary>Folders of files that are not there, so that nobody asks for what is in them.
/// </summary>
/// <remarks>
/// Most servers have no such folder, and every player that comes before its publisher passes by
/// it: that must not cost each of them a turn of the disk. One that is made is found soon.
/// </remarks>
internal sealed class MissingFolders(FileStore files, EventLoop loop)
{
    /// <summary>How long an answer of the disk is believed.</summary>
    private const int TrustMs = 2000;

    /// <summary>By the paths of folders, of which only the options name any.</summary>
    private readonly Dictionary<string, (long LookedMs, bool IsMissing)> _known = [];

    public bool Has(SafePath folder) =>
        _known.TryGetValue(folder.Text, out var known)
        && known.IsMissing
        && loop.NowMs - known.LookedMs < TrustMs;

    /// <summary>Something in it was not found: is the folder there?</summary>
    /// <param name="folder">A folder that is configured.</param>
    /// <param name="owner">Whose fault it is if the answer cannot be taken.</param>
    public void Look(SafePath folder, IFaultTarget owner)
    {
        if (_known.TryGetValue(folder.Text, out var known)
            && loop.NowMs - known.LookedMs < TrustMs)
        {
            return;
        }
        _known[folder.Text] = (loop.NowMs, IsMissing: false);
        files.Stat(folder, owner, result => _known[folder.Text] =
            (loop.NowMs, result.Error?.Failure == FileFailure.NotFound));
    }
}
