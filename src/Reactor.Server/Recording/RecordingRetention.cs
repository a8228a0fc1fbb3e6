using System;
using System.Collections.Generic;
using System.Linq;
using NLog;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Transport.Polling;

namespace Reactor.Server.Recording;

/// <summary>Which recordings are deleted: those that are old, and the oldest for room.</summary>
/// <remarks>
/// Nothing is deleted of a recorder without <c>delete_after</c>: its recordings are kept, and a
/// disk without room ends it. A file that is being written is never deleted, and none is where
/// even all of them would not make enough room.
/// </remarks>
internal sealed class RecordingRetention(ReactorServer server, RecordingNames names)
    : IFaultTarget
{
    private const int EveryMs = 60_000;
    private const int FilesMax = 10_000;

    private static readonly Logger Log = LogManager.GetLogger("record");

    private readonly Dictionary<string, RecordOptions> _kept = [];

    /// <summary>For which rules room is being made: who needs some too does not wait.</summary>
    private readonly HashSet<string> _making = [];
    private ServerOptions? _seen;
    private long _atMs;

    /// <summary>Deletes what is old, once a minute.</summary>
    public void Check(long nowMs)
    {
        if (nowMs < _atMs)
            return;
        _atMs = nowMs + EveryMs;
        if (!ReferenceEquals(server.Options, _seen))
            FindKept(_seen = server.Options);
        foreach (var rule in _kept.Values)
            DeleteOld(rule);
    }

    /// <summary>Sees to it that as much is free as is to be, if need be by deleting.</summary>
    /// <param name="rule">Whose recordings may go.</param>
    /// <param name="folder">Where room is needed.</param>
    /// <param name="owner">Whose fault it is if the answer cannot be taken.</param>
    /// <param name="done">
    /// Told once, now or later: null when there is room, or when the disk does not say.
    /// </param>
    public void MakeRoom(
        RecordOptions rule, SafePath folder, IFaultTarget owner, Action<FileError?> done)
    {
        if (rule.MinFree == 0)
        {
            done(null);
            return;
        }
        server.Files.FreeBytes(folder, owner, free =>
        {
            var missing = rule.MinFree - free.Value;
            if (free.Error is not null || missing <= 0 || _making.Contains(KeyOf(rule)))
            {
                done(null);
                return;
            }
            var low = new FileError(
                FileFailure.Full,
                $"{folder}: {Size(free.Value)} are free, and record.min_free is "
                    + Size(rule.MinFree));
            if (rule.DeleteAfter == TimeSpan.Zero)
                End(false);
            else
                new Making(this, rule, owner, End).Begin(missing);

            void End(bool isFreed)
            {
                if (!isFreed)
                    server.Struck.Add(Limit.MinFree);
                done(isFreed ? null : low);
            }
        });
    }

    /// <summary>What is old is looked for again in a minute.</summary>
    public void OnFault(Exception fault) =>
        Log.Error(fault, "a fault of ours in the look for what is old");

    private static string Size(long bytes) =>
        bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes} bytes";

    private static string KeyOf(RecordOptions rule) => $"{rule.Extension}:{rule.RecordPath}";

    private void FindKept(ServerOptions options)
    {
        _kept.Clear();
        foreach (var rule in options.AllOfStreams().SelectMany(of => of.Record))
        {
            if (rule.DeleteAfter > TimeSpan.Zero)
                _kept.TryAdd(KeyOf(rule), rule);
        }
    }

    private void DeleteOld(RecordOptions rule)
    {
        var before = server.Time.GetUtcNow() - rule.DeleteAfter;
        Find(rule, this, found =>
        {
            foreach (var (path, facts) in found)
            {
                if (facts.Modified < before)
                    Delete(path, "which was old enough", this, _ => { });
            }
        });
    }

    /// <summary>Recordings of a rule that nobody writes, the oldest first.</summary>
    private void Find(RecordOptions rule, IFaultTarget owner, Action<List<FileEntry>> done)
    {
        var folder = RecordingFolder.Of(rule);
        server.Files.List(
            folder.Root, $"*.{rule.Extension}", isDeep: true, FilesMax, owner, result =>
            {
                var found = new List<FileEntry>();
                foreach (var entry in result.Value ?? [])
                {
                    if (folder.Matches(entry.Path) && !names.IsTaken(entry.Path))
                        found.Add(entry);
                }
                found.Sort((one, other) => one.Facts.Modified.CompareTo(other.Facts.Modified));
                done(found);
            });
    }

    private void Delete(
        SafePath path, string why, IFaultTarget owner, Action<bool> done) =>
        server.Files.Delete(path, owner, error =>
        {
            if (error is null)
                Log.Info("deleted {Path:l}, {Why:l}", path.Text, why);
            else
                Log.Warn("{Why:l}", error.Text);
            done(error is null);
        });

    /// <summary>Makes room: the oldest go, one after another.</summary>
    /// <remarks>Invariant: its rule is in <see cref="_making"/> until it ends, by a fault too.
    /// </remarks>
    private sealed class Making(
        RecordingRetention retention, RecordOptions rule, IFaultTarget owner, Action<bool> done)
        : IFaultTarget
    {
        public void Begin(long missing)
        {
            retention._making.Add(KeyOf(rule));
            retention.Find(rule, this, found =>
            {
                if (found.Sum(entry => entry.Facts.Length) < missing)
                    End(false);
                else
                    Next(found, 0, missing);
            });
        }

        public void OnFault(Exception fault)
        {
            retention._making.Remove(KeyOf(rule));
            owner.OnFault(fault);
        }

        private void Next(List<FileEntry> found, int at, long left)
        {
            if (left <= 0 || at == found.Count)
            {
                End(left <= 0);
                return;
            }
            var (path, facts) = found[at];
            retention.Delete(path, "which was the oldest, for room", this, isDeleted =>
                Next(found, at + 1, left - (isDeleted ? facts.Length : 0)));
        }

        private void End(bool isFreed)
        {
            retention._making.Remove(KeyOf(rule));
            done(isFreed);
        }
    }
}
