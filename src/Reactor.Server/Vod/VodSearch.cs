using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;
using Reactor.Server.Recording;
using Reactor.Server.Storage;
using Reactor.Streaming;
using Reactor.Transport.Polling;

namespace Reactor.Server.Vod;

/// <summary>Finds the recording that a player of a stream means.</summary>
/// <remarks>
/// The file of exactly that name, else the newest that a recorder of the stream has made, as far
/// as it lies where recordings are played from.
/// </remarks>
internal sealed class VodSearch
{
    private const int FilesMax = 10_000;

    private readonly FileStore _files;
    private readonly StreamOptions _options;
    private readonly StreamKey _key;
    private readonly IFaultTarget _owner;
    private readonly Action<IVodFile?, FileError?> _done;
    private FileEntry? _newest;

    private VodSearch(
        FileStore files, StreamOptions options, StreamKey key, IFaultTarget owner,
        Action<IVodFile?, FileError?> done)
    {
        _files = files;
        _options = options;
        _key = key with { Name = VodFile.NameOf(key) };
        _owner = owner;
        _done = done;
    }

    /// <summary>Opens the recording of a stream.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="options">What holds for the stream.</param>
    /// <param name="key">Its name: with or without an ending.</param>
    /// <param name="owner">Whose fault it is if the answer cannot be taken.</param>
    /// <param name="done">Takes the file, or why there is none.</param>
    public static void Open(
        FileStore files, StreamOptions options, StreamKey key, IFaultTarget owner,
        Action<IVodFile?, FileError?> done)
    {
        var search = new VodSearch(files, options, key, owner, done);
        var (app, name) = search._key;
        var path = SafePath.Configured(options.Vod.Path).Named(app).Named(name);
        search.OpenOr(path.With(VodFile.Extension), nothing => search.OpenOr(
            path.With(Mp4VodFile.Extension), _ => search.Look(0, nothing)));
    }

    /// <summary>Opens a file, or goes on where there is none of that name.</summary>
    private void OpenOr(SafePath path, Action<FileError> goOn) => OpenAt(path, (file, error) =>
    {
        if (error?.Failure == FileFailure.NotFound)
            goOn(error);
        else
            _done(file, error);
    });

    private void OpenAt(SafePath path, Action<IVodFile?, FileError?> done) => _files.OpenWithin(
        SafePath.Configured(_options.Vod.Path), path, _owner, result =>
        {
            if (!result.IsOk(out var file, out var error))
                done(null, error);
            else if (path.Text.EndsWith(Mp4VodFile.Extension, StringComparison.Ordinal))
                Mp4VodFile.ReadHead(file, done);
            else
                VodFile.ReadHead(file, done);
        });

    private void Look(int at, FileError nothing)
    {
        while (at < _options.Record.Count && !IsSearched(_options.Record[at]))
            at++;
        if (at < _options.Record.Count)
        {
            var rule = _options.Record[at];
            var folder = RecordingFolder.Of(rule, _key.App, _key.Name);
            _files.List(
                folder.Root, $"*.{rule.Extension}", isDeep: true, FilesMax, _owner, found =>
                {
                    Choose(folder, found.Value ?? []);
                    Look(at + 1, nothing);
                });
        }
        else if (_newest is { } newest)
        {
            // What lies elsewhere, or is none, is not there for a player.
            OpenAt(newest.Path, (file, error) => _done(file, error is null ? null : nothing));
        }
        else
        {
            _done(null, nothing);
        }
    }

    private static bool IsSearched(RecordOptions rule) => rule.Record != RecordMode.Off
        && RecordingFolder.TellsStreamsApart(rule.RecordPath);

    /// <summary>An empty one was just begun, or is what a killed recorder left.</summary>
    private void Choose(RecordingFolder folder, IReadOnlyList<FileEntry> found)
    {
        foreach (var entry in found)
        {
            var isNewer = _newest is not { } newest
                || entry.Facts.Modified >= newest.Facts.Modified;
            if (isNewer && entry.Facts.Length > 0 && folder.Matches(entry.Path))
                _newest = entry;
        }
    }
}
