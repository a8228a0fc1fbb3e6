using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using NLog;
using Reactor.Protocol.Hls;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Transport.Polling;

namespace Reactor.Server.Egress;

/// <summary>Deletes the files of HLS that nobody needs any more.</summary>
/// <remarks>
/// Those of a stream whose output is over, those that an earlier run of the server left, and those
/// that could not be deleted in time. One is deleted after another, a playlist before its
/// segments; nothing is touched that is not named as ours, two folders below the path.
/// </remarks>
internal sealed class HlsSweep(ReactorServer server, HlsOutputs outputs) : IFaultTarget
{
    private const int EveryMs = 60_000;
    private const int EntriesMax = 50_000;

    /// <summary>
    /// Players of a server that was started anew find so long what they were playing.
    /// </summary>
    private static readonly TimeSpan RestTime = TimeSpan.FromMinutes(1);

    private static readonly Logger Log = LogManager.GetLogger("hls");

    private readonly HashSet<string> _paths = [];
    private readonly Queue<(SafePath Path, bool IsFolder)> _left = new();
    private ServerOptions? _seen;
    private long _nextMs;
    private int _listing;
    private bool _isDeleting;
    private bool _isStopped;

    public void Check(long nowMs)
    {
        if (nowMs < _nextMs || _listing > 0 || _isDeleting)
            return;
        _nextMs = nowMs + EveryMs;
        if (!ReferenceEquals(server.Options, _seen))
            FindPaths(_seen = server.Options);
        foreach (var path in _paths)
            List(path);
    }

    /// <summary>The server stops.</summary>
    public void Stop()
    {
        _isStopped = true;
        _left.Clear();
    }

    /// <summary>It costs this look; the next one comes in its time.</summary>
    public void OnFault(Exception fault)
    {
        Log.Error(fault, "a fault of ours in the look for what is left over");
        _left.Clear();
        _listing = 0;
        _isDeleting = false;
    }

    private void FindPaths(ServerOptions options)
    {
        _paths.Clear();
        foreach (var of in options.AllOfStreams())
        {
            if (of.Hls is { Store: HlsStore.Disk, HlsCleanup: true })
                _paths.Add(of.Hls.Path);
        }
    }

    private void List(string path)
    {
        _listing++;
        server.Files.List(
            SafePath.Configured(path), "*", isDeep: true, EntriesMax, owner: this, found =>
            {
                _listing = Math.Max(0, _listing - 1);
                if (!_isStopped)
                    Take(path, found.Value ?? []);
            });
    }

    private void Take(string root, IReadOnlyList<FileEntry> found)
    {
        var played = PlayedOf(found);
        var segments = new List<SafePath>();
        var folders = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (path, facts) in found)
        {
            if (!IsLeftOver(root, path, facts, played))
                continue;
            if (path.Name == HlsFiles.PlaylistName)
                _left.Enqueue((path, false));
            else
                segments.Add(path);
            folders.Add(path.Folder.Text);
        }
        foreach (var path in segments)
            _left.Enqueue((path, false));
        foreach (var folder in folders)
            _left.Enqueue((SafePath.Configured(folder), true));
        if (!_isDeleting)
            DeleteNext();
    }

    /// <summary>Folders whose playlist is young: players still find what it names.</summary>
    private HashSet<string> PlayedOf(IReadOnlyList<FileEntry> found)
    {
        var played = new HashSet<string>();
        foreach (var (path, facts) in found)
        {
            if (path.Name == HlsFiles.PlaylistName && IsYoung(facts))
                played.Add(path.Folder.Text);
        }
        return played;
    }

    private bool IsYoung(FileFacts facts) => server.Time.GetUtcNow() - facts.Modified < RestTime;

    private bool IsLeftOver(
        string root, SafePath path, FileFacts facts, HashSet<string> played)
    {
        if (IsYoung(facts))
            return false;
        var parts = Path.GetRelativePath(root, path.Text).Split('/', '\\');
        if (parts.Length != 3 || !TryReadName(parts[2], out _, out _))
            return false;
        return outputs.FilesOf(parts[0], parts[1]) is null
            ? !played.Contains(path.Folder.Text)
            : !IsNeeded(path);
    }

    /// <summary>Whether it is of an output that is there, whoever wrote it.</summary>
    private bool IsNeeded(SafePath path)
    {
        var parts = path.Text.Split('/', '\\');
        return outputs.FilesOf(parts[^3], parts[^2]) is { } files
            && TryReadName(parts[^1], out var sequence, out var isInit)
            && (isInit && files.HasPlaylist
                ? files.Needs(sequence) : sequence >= files.OldestKept);
    }

    /// <summary>The number of a segment or an init; of a playlist the highest.</summary>
    private static bool TryReadName(string name, out long sequence, out bool isInit)
    {
        var plain = name.EndsWith(WholeFile.UnfinishedEnding, StringComparison.Ordinal)
            ? name[..^WholeFile.UnfinishedEnding.Length]
            : name;
        sequence = long.MaxValue;
        var ending = Path.GetExtension(plain);
        isInit = ending == PlaylistWriter.InitEnding;
        if (plain == HlsFiles.PlaylistName)
            return true;
        return PlaylistWriter.Endings.Contains(ending)
            && long.TryParse(
                plain.AsSpan(0, plain.Length - ending.Length), NumberStyles.None,
                CultureInfo.InvariantCulture, out sequence);
    }

    private void DeleteNext()
    {
        (SafePath Path, bool IsFolder) next;
        do
            _isDeleting = _left.TryDequeue(out next);
        while (_isDeleting && !next.IsFolder && IsNeeded(next.Path));     // again, meanwhile
        if (!_isDeleting)
            return;
        var (path, isFolder) = next;
        server.Files.Delete(path, owner: this, error =>
        {
            if (error is null)
                Log.Debug("deleted {Path:l}, which was left over", path.Text);
            else if (!isFolder && error.Failure != FileFailure.NotFound)
            {
                Log.Warn("{Why:l}", error.Text);
                _left.Clear();                  // a playlist that stays needs its segments
            }
            DeleteNext();
        });
    }
}
