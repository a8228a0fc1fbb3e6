using System;
using System.Collections.Generic;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Server.Storage;

namespace Reactor.Server.Vod;

/// <summary>A fragment of a recording in MP4, of which the head was read.</summary>
/// <param name="At">Where it begins in the file.</param>
/// <param name="End">Where the next one does.</param>
/// <param name="Samples">By their times, pictures before sounds.</param>
internal sealed record StoredFragment(long At, long End, IReadOnlyList<Mp4StoredSample> Samples)
{
    /// <summary>A moof of a second of any usual stream; a longer one takes a second read.</summary>
    private const int PieceBytes = 16 << 10;

    private const int SearchedBytes = 256 << 10;

    /// <summary>So often pictures are taken for fragments that are none.</summary>
    private const int MistakesMax = 8;

    /// <summary>When it begins: its first picture, or else its first sound.</summary>
    public uint TimeMs =>
        FirstPicture?.TimeMs ?? (Samples.Count > 0 ? Samples[0].TimeMs : 0);

    /// <summary>Whether its first picture is a keyframe.</summary>
    public bool HasKeyframe => FirstPicture is { IsSync: true };

    private Mp4StoredSample? FirstPicture
    {
        get
        {
            foreach (var sample in Samples)
            {
                if (sample.Track.IsVideo)
                    return sample;
            }
            return null;
        }
    }

    /// <summary>Reads a fragment's head.</summary>
    /// <param name="file">Open.</param>
    /// <param name="head">Its head.</param>
    /// <param name="at">Where the fragment begins.</param>
    /// <param name="done">
    /// Takes the fragment, or nothing where there is none, or no whole head of one; or an error.
    /// </param>
    public static void Load(
        StoredFile file, Mp4Head head, long at, Action<StoredFragment?, FileError?> done) =>
        Load(file, head, at, PieceBytes, done);

    /// <summary>Reads the head of the first fragment that begins at a place or behind it.
    /// </summary>
    /// <param name="file">Open.</param>
    /// <param name="head">Its head.</param>
    /// <param name="at">Any place behind the file's head.</param>
    /// <param name="done">
    /// Takes the fragment, or nothing where there is none, or the disk fails. A picture in which
    /// the bytes of a fragment stand is taken for one.
    /// </param>
    public static void FindFrom(
        StoredFile file, Mp4Head head, long at, Action<StoredFragment?> done) =>
        FindFrom(file, head, at, at + Mp4Writer.BytesMax + PieceBytes, MistakesMax, done);

    private static void FindFrom(
        StoredFile file, Mp4Head head, long at, long end, int mistakesLeft,
        Action<StoredFragment?> done)
    {
        if (at >= end || mistakesLeft == 0 || !file.IsOpen)
        {
            done(null);
            return;
        }
        file.Read(at, SearchedBytes, result =>
        {
            var bytes = result.IsOk(out var piece, out _) ? piece.Written : [];
            var found = bytes.Length < Mp4Box.HeadLength ? -1 : bytes[4..].IndexOf("moof"u8);
            if (found >= 0)
            {
                var place = at + found;
                Load(file, head, place, (fragment, _) =>
                {
                    if (fragment is not null)
                        done(fragment);
                    else
                        FindFrom(file, head, place + 1, end, mistakesLeft - 1, done);
                });
            }
            else if (bytes.Length == SearchedBytes)
            {
                // The next piece overlaps: a head may stand in both.
                var next = at + SearchedBytes - Mp4Box.HeadLength + 1;
                FindFrom(file, head, next, end, mistakesLeft, done);
            }
            else
                done(null);
        });
    }

    private static void Load(
        StoredFile file, Mp4Head head, long at, int count,
        Action<StoredFragment?, FileError?> done)
    {
        if (!file.IsOpen)
        {
            done(null, null);
            return;
        }
        file.Read(at, count, result =>
        {
            if (!result.IsOk(out var piece, out var error))
            {
                done(null, error);
                return;
            }
            var bytes = piece.Written;
            var moof = Mp4Box.Read(bytes) ?? default;
            var needed = moof.Length + Mp4Box.HeadLength;
            var isCut = needed > bytes.Length && bytes.Length < count;
            if (moof.Type != FourCc.Of("moof"u8) || isCut)
                done(null, null);               // the index, or the file's end
            else if (moof.Length > Mp4FragmentReader.BytesMax)
                done(null, IVodFile.Broken(file, $"a moof of {moof.Length} bytes"));
            else if (needed > bytes.Length)
                Load(file, head, at, (int)needed, done);
            else
                Read(file, head, at, bytes[..(int)needed], done);
        });
    }

    private static void Read(
        StoredFile file, Mp4Head head, long at, ReadOnlySpan<byte> bytes,
        Action<StoredFragment?, FileError?> done)
    {
        var moof = bytes[..^Mp4Box.HeadLength];
        StoredFragment fragment;
        try
        {
            if (Mp4Box.Read(bytes[moof.Length..]) is not { } mdat
                || mdat.Type != FourCc.Of("mdat"u8))
            {
                done(null, IVodFile.Broken(file, "no mdat behind moof"));
                return;
            }
            var samples = Mp4FragmentReader.Read(moof, head);
            var length = moof.Length + mdat.Length;
            foreach (var sample in samples)
            {
                if (sample.Offset < bytes.Length || sample.Offset + sample.Length > length)
                    throw new ProtocolException(ProtocolError.Mp4, "a sample outside mdat");
            }
            fragment = new StoredFragment(at, at + length, samples);
        }
        catch (ProtocolException broken)
        {
            done(null, IVodFile.Broken(file, broken.Message));
            return;
        }
        done(fragment, null);
    }
}
