using System;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Server.Storage;

namespace Reactor.Server.Vod;

/// <summary>A recording in fragmented MP4 that was opened, of those that we write.</summary>
/// <remarks>
/// One that is complete tells its duration, and has an index at its end. In any other, be it cut
/// off or still written, a time is come near by halves, and from there fragments are walked through
/// by their heads: what that costs hardly grows with the file.
/// </remarks>
internal sealed class Mp4VodFile : IVodFile
{
    public const string Extension = ".mp4";

    /// <summary>So much is walked through, and no more halved.</summary>
    private const int NearBytes = 2 << 20;

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

    public bool HasPictures => Head.Video is not null;

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
                Fail(file, IVodFile.Broken(file, broken.Message), done);
                return;
            }
            var opened = new Mp4VodFile(file, head);
            if (head.DurationMs > 0)
                opened.ReadTail(done);
            else
                opened.Measure(done);
        });

    public IVodReader Read(PacketPool pool, int payloadBytesMax, Action ready) =>
        new Mp4VodReader(this, pool, payloadBytesMax, ready);

    public void Find(uint targetMs, Action<FlvIndexEntry?, FileError?> done)
    {
        if (Index.Count > 0)
            Find(targetMs, Index.FindBefore(targetMs)?.Position ?? Head.Length, done);
        else
            Approach(targetMs, Head.Length, Stored.Facts.Length, at => Find(targetMs, at, done));
    }

    private void Find(uint targetMs, long from, Action<FlvIndexEntry?, FileError?> done)
    {
        FlvIndexEntry? found = null;
        Walk(
            from,
            fragment =>
            {
                if (!IsBeginning(fragment))
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
                Measure(done);
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
                Measure(done);
        });

    /// <summary>How long one is that is being written, or was cut off.</summary>
    private void Measure(Action<IVodFile?, FileError?> done) => Approach(
        uint.MaxValue, Head.Length, Stored.Facts.Length, last => Walk(
            last,
            fragment =>
            {
                if (fragment.Samples is [.., var sample])
                    DurationMs = Math.Max(DurationMs, sample.TimeMs);
                return true;
            },
            error =>
            {
                if (error is null)
                    done(this, null);
                else
                    Fail(Stored, error, done);
            }));

    /// <summary>Comes near to a time by halves.</summary>
    /// <param name="targetMs">The time.</param>
    /// <param name="from">Where something begins that is not later.</param>
    /// <param name="to">Where all that begins is later, or where the file ends.</param>
    /// <param name="done">Takes another such place, near to what is wanted.</param>
    private void Approach(uint targetMs, long from, long to, Action<long> done)
    {
        if (to - from <= NearBytes)
        {
            done(from);
            return;
        }
        var middle = from + ((to - from) / 2);
        StoredFragment.FindFrom(Stored, Head, middle, first =>
        {
            StoredFragment? found = null;
            Walk(
                first?.At ?? to,
                fragment =>
                {
                    if (fragment.At < to && IsBeginning(fragment))
                        found = fragment;
                    return fragment.At < to && found is null;
                },
                _ =>
                {
                    if (found?.TimeMs <= targetMs)
                        Approach(targetMs, found.At, to, done);
                    else
                        Approach(targetMs, from, middle, done);
                });
        });
    }

    /// <summary>Whether playing can begin there.</summary>
    private bool IsBeginning(StoredFragment fragment) =>
        fragment.HasKeyframe || Head.Video is null;

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
