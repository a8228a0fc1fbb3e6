using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Testing.Mp4;

namespace Reactor.Testing.Fuzzing;

/// <summary>Recordings in MP4: the head, the heads of fragments, the index.</summary>
public sealed class Mp4Target : FuzzTarget
{
    private static readonly byte[] Small = SampleMp4.WriteSmall(new PacketPool());
    private static readonly byte[] Whole = SampleMp4.Write(new PacketPool()).File;

    public override string Name => "mp4";

    protected override bool IsResumable => false;

    public override IEnumerable<byte[]> Seeds() => [Small, Whole[..20_000]];

    /// <summary>A file of ours, with some bytes of its boxes changed.</summary>
    public override byte[] Generate(Random random)
    {
        var file = random.Next(2) == 0 ? [.. Small] : Whole[..random.Next(600, 20_000)];
        var fields = Math.Min(file.Length, 2500);           // head, and that of a fragment
        for (var i = random.Next(4); i > 0; i--)
            file[random.Next(fields)] = (byte)(random.Next(3) == 0 ? random.Next(256) : 0);
        return file;
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        byte[] file = [];
        foreach (var piece in pieces)
            file = [.. file, .. piece];
        seen.Add("tail", $"{Mp4Index.LengthOf(file.AsSpan(Math.Max(0, file.Length - 16)))}");
        var head = Mp4Head.Read(file);
        seen.Add("head", $"{head.Video?.Header.Length} {head.Audio?.Header.Length}");
        Invariant.Holds(head.Length <= file.Length && head.DurationMs >= 0);
        long at = head.Length;
        while (at < file.Length && Mp4Box.Read(file.AsSpan((int)at)) is { } box
            && box.Length <= file.Length - at)
        {
            var bytes = file.AsSpan((int)at, (int)box.Length);
            if (box.Type == FourCc.Of("moof"u8))
                ReadFragment(bytes, head, seen);
            else if (box.Type == FourCc.Of("mfra"u8))
                seen.Add("index", $"{Mp4Index.Read(bytes, head).Count}");
            at += box.Length;
        }
    }

    private static void ReadFragment(ReadOnlySpan<byte> moof, Mp4Head head, Features seen)
    {
        var lastMs = 0u;
        var front = new byte[Mp4StoredTrack.HeadLengthMax];
        foreach (var sample in Mp4FragmentReader.Read(moof, head))
        {
            Invariant.Holds(sample.Length >= 0 && sample.Offset >= 0 && sample.TimeMs >= lastMs);
            lastMs = sample.TimeMs;
            var length = sample.Track.WriteHead(front, sample);
            seen.Add($"{sample.IsSync} {sample.Track.IsVideo}", front.AsSpan(0, length));
        }
    }
}
