using System;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Recording;
using Reactor.Server.Storage;
using Reactor.Streaming;
using Reactor.Transport.Polling;

namespace Reactor.Server.Vod;

/// <summary>A recording that was opened: how long it is, and where its keyframes are.</summary>
/// <remarks>
/// A file whose first tag has an index is ready after one read; any other is walked through once,
/// piece by piece, off the loop. Nothing is kept of its contents.
/// </remarks>
internal sealed class VodFile : IVodFile
{
    public const string Extension = ".flv";

    private readonly StoredFile _file;

    private VodFile(StoredFile file, FlvIndex index, uint durationMs, long headingBytes)
    {
        _file = file;
        HeadingBytes = headingBytes;
        Index = index;
        DurationMs = durationMs;
    }

    public FlvIndex Index { get; }

    public uint DurationMs { get; }

    /// <summary>Bytes up to the first frame: what a player needs, wherever it begins.</summary>
    public long HeadingBytes { get; }

    /// <summary>Bytes, as it was opened.</summary>
    public long Length => _file.Facts.Length;

    public bool HasPictures => Index.Count > 0;

    public double Kbps => Length * 8.0 / Math.Max(1, DurationMs);

    public DateTimeOffset Modified => _file.Facts.Modified;

    public SafePath Path => _file.Path;

    /// <summary>The file itself, for whoever sends it on as it is and closes it.</summary>
    public StoredFile Stored => _file;

    public IVodReader Read(PacketPool pool, int payloadBytesMax, Action ready) =>
        new VodReader(this, pool, payloadBytesMax, ready);

    /// <summary>Opens the recording that a stream's name means.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="options">Where recordings are.</param>
    /// <param name="key">The name: with or without its ending.</param>
    /// <param name="owner">Whose fault it is if the answer cannot be taken.</param>
    /// <param name="done">Takes the file, or why there is none.</param>
    public static void Open(
        FileStore files, VodOptions options, StreamKey key, IFaultTarget owner,
        Action<VodFile?, FileError?> done)
    {
        var root = SafePath.Configured(options.Path);
        var path = root.Named(key.App).Named(NameOf(key)).With(Extension);
        files.OpenWithin(root, path, owner, result =>
        {
            if (result.IsOk(out var file, out var error))
                ReadHead(file, done);
            else
                done(null, error);
        });
    }

    /// <summary>Reads what tells of the whole; see <see cref="Mp4VodFile.ReadHead"/>.</summary>
    public static void ReadHead(StoredFile file, Action<VodFile?, FileError?> done) =>
        file.Read(0, FlvWalk.HeadBytes, result =>
        {
            if (!result.IsOk(out var head, out var error))
            {
                file.Close();
                done(null, error);
                return;
            }
            var heading = HeadingOf(head.Written);
            if (DescribedIn(head.Written, file.Facts.Length) is var (index, durationMs))
            {
                done(new VodFile(file, index, durationMs, heading), null);
                return;
            }
            var scan = new FlvScan();
            FlvWalk.Run(file, scan, 0, failed =>
            {
                if (failed is null && scan.LastFrame is null)
                    failed = new FileError(FileFailure.Other, $"{file.Path}: no FLV file");
                if (failed is not null)
                    file.Close();
                var found = failed is null
                    ? new VodFile(file, scan.Index, scan.LastMs, heading)
                    : null;
                done(found, failed);
            });
        });

    /// <summary>A stream's name without the ending that a player may have given it (Q44).
    /// </summary>
    public static string NameOf(StreamKey key)
    {
        foreach (var ending in (string[])[Extension, Mp4VodFile.Extension])
        {
            if (key.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return key.Name[..^ending.Length];
        }
        return key.Name;
    }

    /// <summary>Reads from a place; see <see cref="StoredFile.Read"/>.</summary>
    public void Read(long at, int count, Action<FileResult<Packet>> done) =>
        _file.Read(at, count, done);

    /// <summary>Finds where to begin for a time: the last keyframe before it, exactly.</summary>
    /// <param name="targetMs">The time wanted.</param>
    /// <param name="done">Takes the place of a tag.</param>
    public void Find(uint targetMs, Action<FlvIndexEntry?, FileError?> done)
    {
        var from = Index.FindBefore(targetMs)?.Position ?? FlvWriter.HeaderLength;
        var scan = new FlvScan(from, targetMs);
        FlvWalk.Run(_file, scan, from, error =>
        {
            // Without a picture any frame will do.
            var found = scan.LastKeyframe ?? (Index.Count == 0 ? scan.LastFrame : null)
                ?? new FlvIndexEntry(0, FlvWriter.HeaderLength);
            done(error is null ? found : null, error);
        });
    }

    public void Close() => _file.Close();

    /// <summary>Whether a tag comes before all frames: metadata, a sequence header.</summary>
    public static bool IsConfig(FlvTag tag) => tag.Type switch
    {
        MessageType.Video => VideoTagHeader.Read(tag.Payload.Written) is var header
            && (header.IsSequenceHeader || header.IsMetadata),
        MessageType.Audio => AudioTagHeader.Read(tag.Payload.Written).Kind
            is TagKind.SequenceHeader or TagKind.MultichannelConfig,
        _ => DataEvent.IsNamed(tag.Payload.Written, DataEvent.Metadata, out _),
    };

    /// <summary>Where the first frame begins, as far as the first piece tells.</summary>
    private static long HeadingOf(ReadOnlySpan<byte> head)
    {
        var at = (long)Math.Min(head.Length, FlvWriter.HeaderLength);
        using var reader = new FlvReader(new PacketPool(), FlvWalk.HeadBytes);
        try
        {
            while (reader.TryRead(ref head, out var tag))
            {
                var isConfig = IsConfig(tag);
                var length = tag.Payload.Length;
                tag.Payload.Release();
                if (!isConfig)
                    break;
                at += FlvWriter.TagHeaderLength + length + FlvWriter.BackPointerLength;
            }
        }
        catch (ProtocolException)
        {
            // A tag that is larger than a configuration can be, or no FLV at all.
        }
        return at;
    }

    /// <summary>Index and duration, if the first tag has both, and for all of the file.</summary>
    /// <remarks>One that is being written on tells of what it was before.</remarks>
    private static (FlvIndex Index, uint DurationMs)? DescribedIn(
        ReadOnlySpan<byte> head, long length)
    {
        var bytes = FlvWalk.FirstTagOf(head, out _);
        try
        {
            double seconds = 0, size = length;
            foreach (var (name, value) in FlvMetadata.MembersOf(bytes))
            {
                if (name == "duration")
                    seconds = value.AsNumber() ?? 0;
                else if (name == "filesize")
                    size = value.AsNumber() ?? 0;
            }
            var index = FlvMetadata.ReadIndex(bytes);
            var isWhole = index.Count > 0 && index[index.Count - 1].Position < length
                && size == length && seconds is > 0 and < uint.MaxValue / 1000;
            if (isWhole)
                return (index, (uint)(seconds * 1000));
        }
        catch (ProtocolException)
        {
            // Walking through it will tell.
        }
        return null;
    }
}
