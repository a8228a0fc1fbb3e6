using System;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Server.Storage;

namespace Reactor.Server.Vod;

/// <summary>A recording in fragmented MP4 that was opened, of those that we write.</summary>
/// <remarks>
/// One that is complete tells its duration, and has an index at its end; in any other its fragments
/// are walked through once, by their heads.
/// </remarks>
internal sealed class Mp4VodFile : IVodFile
{
    public const string Extension = ".mp4";

    private Mp4VodFile(StoredFile file, Mp4Head head)
    {
        Stored = file;
        Head = head;
        DurationMs = (uint)Math.Min(head.DurationMs, uint.MaxValue);
    }

    public StoredFile Stored { get; }

    public Mp4Head Head { get; }

    public FlvIndex Index { get; private set; } = new();

    public uint DurationMs { get; private set; }

    public bool HasPictures => Head.Video is not null && Index.Count > 0;

    public double Kbps => Stored.Facts.Length * 8.0 / Math.Max(1, DurationMs);

    /// <summary>Reads what tells of the whole.</summary>
    /// <param name="file">Open; it is closed where there is no recording in it.</param>
    /// <param name="done">Takes the recording, or why there is none.</param>
    public static void ReadHead(StoredFile file, Action<IVodFile?, FileError?> done) =>
        file.Read(0, Mp4Head.BytesMax, result =>
        {
            if (!result.IsOk(out var bytes, out var error))
            {
                Fail(file, error, done);
                return;
            }
            Mp4Head head;
            try
            {
                head = Mp4Head.Read(bytes.Written);
            }
            catch (ProtocolException broken)
            {
                Fail(file, StoredFragment.Broken(file, broken.Message), done);
                return;
            }
            var opened = new Mp4VodFile(file, head);
            if (head.DurationMs > 0)
                opened.ReadTail(done);
            else
                opened.Describe(done);
        });

    public IVodReader Read(PacketPool pool, int payloadBytesMax, Action ready) =>
        new Mp4VodReader(this, pool, payloadBytesMax, ready);

    public void Find(uint targetMs, Action<FlvIndexEntry?, FileError?> done)
    {
        FlvIndexEntry? found = null;
        Walk(
            Index.FindBefore(targetMs)?.Position ?? Head.Length,
            fragment =>
            {
                if (HasPictures && !fragment.HasKeyframe)
                    return true;
                if (fragment.TimeMs > targetMs)
                    return false;
                found = new FlvIndexEntry(fragment.TimeMs, fragment.At);
                return true;
            },
            error => done(error is null ? found ?? new(0, Head.Length) : null, error));
    }

    private static void Fail(
        StoredFile file, FileError? error, Action<IVodFile?, FileError?> done)
    {
        file.Close();
        done(null, error);
    }

    private void ReadTail(Action<IVodFile?, FileError?> done)
    {
        var length = Stored.Facts.Length;
        Stored.Read(Math.Max(0, length - Mp4Index.TailLength), Mp4Index.TailLength, result =>
        {
            if (result.IsOk(out var tail, out _)
                && Mp4Index.LengthOf(tail.Written) is { } indexLength && indexLength < length)
            {
                ReadIndex(length - indexLength, indexLength, done);
            }
            else
            {
                Describe(done);
            }
        });
    }

    /// <summary>Where it is broken, walking will tell.</summary>
    private void ReadIndex(long at, int length, Action<IVodFile?, FileError?> done) =>
        Stored.Read(at, length, result =>
        {
            try
            {
                if (result.IsOk(out var bytes, out _))
                    Index = Mp4Index.Read(bytes.Written, Head);
            }
            catch (ProtocolException)
            {
                Index = new FlvIndex();
            }
            if (Index.Count > 0)
                done(this, null);
            else
                Describe(done);
        });

    /// <summary>Of one that is being written, or was cut off.</summary>
    private void Describe(Action<IVodFile?, FileError?> done) => Walk(
        Head.Length,
        fragment =>
        {
            if (fragment.HasKeyframe || Head.Video is null)
                Index.Add(fragment.TimeMs, fragment.At);
            if (fragment.Samples is [.., var last])
                DurationMs = Math.Max(DurationMs, last.TimeMs);
            return true;
        },
        error =>
        {
            if (error is null)
                done(this, null);
            else
                Fail(Stored, error, done);
        });

    /// <summary>Goes from fragment to fragment, for as long as it is wanted.</summary>
    private void Walk(long at, Func<StoredFragment, bool> isWanted, Action<FileError?> done) =>
        StoredFragment.Load(Stored, Head, at, (fragment, error) =>
        {
            if (fragment is null || !isWanted(fragment) || !Stored.IsOpen)
                done(error);
            else
                Walk(fragment.End, isWanted, done);
        });
}
