using Reactor.Primitives;

namespace Reactor.Protocol.Mp4;

/// <summary>The head of a fragment: a moof, and the first bytes of its mdat.</summary>
/// <remarks>
/// ISO 14496-12 §8.8. What follows are the samples of the video, then those of the audio. Offsets
/// are from the moof on, so that fragments can be moved and cut apart. What is the same for all
/// sound stands in its trex.
/// </remarks>
internal static class Mp4Fragment
{
    /// <summary>sample_depends_on 2: a sync sample (§8.8.3.1).</summary>
    public const uint Sync = 0x0200_0000;

    /// <summary>sample_depends_on 1, and sample_is_non_sync_sample.</summary>
    public const uint Dependent = 0x0101_0000;

    /// <summary>Flags of tfhd (§8.8.7).</summary>
    public const uint DefaultBaseIsMoof = 0x02_0000;

    public const int VideoSampleLength = 16;
    public const int AudioSampleLength = 8;

    private const int HeadLength = BoxWriter.HeadLength + 16 + BoxWriter.HeadLength;
    private const int RunHeadLength = BoxWriter.HeadLength + 16 + 20 + 20;

    // Flags of trun (§8.8.8).
    private const uint HasDataOffset = 0x0001;
    private const uint HasDurations = 0x0100;
    private const uint HasLengths = 0x0200;
    private const uint HasFlags = 0x0400;
    private const uint HasOffsets = 0x0800;

    /// <summary>Writes it; empty runs are left out.</summary>
    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="sequence">Greater than that of the fragment before.</param>
    /// <param name="video">The run of the video.</param>
    /// <param name="audio">The run of the audio.</param>
    /// <returns>Owned by the caller.</returns>
    public static Packet Write(PacketPool pool, uint sequence, Mp4Run video, Mp4Run audio)
    {
        var length = HeadLength
            + LengthOf(video, VideoSampleLength) + LengthOf(audio, AudioSampleLength);
        var mdatLength = BoxWriter.HeadLength + video.Bytes + audio.Bytes;
        Invariant.Holds(video.Count + audio.Count > 0 && mdatLength <= int.MaxValue);
        var packet = pool.Rent(length);
        var to = new BoxWriter(packet.Free);
        var moof = to.Begin("moof"u8);
        var mfhd = to.BeginFull("mfhd"u8);
        to.UInt32(sequence);
        to.End(mfhd);
        if (video.Count > 0)
            WriteRun(ref to, Mp4Track.VideoId, video, length);
        if (audio.Count > 0)
            WriteRun(ref to, Mp4Track.AudioId, audio, length + video.Bytes);
        to.End(moof);
        to.UInt32((uint)mdatLength);
        to.Bytes("mdat"u8);
        Invariant.Holds(to.Length == length);
        packet.Advance(length);
        return packet;
    }

    /// <summary>Which fields a sample of a run has.</summary>
    public static uint RunFlags(bool isVideo) =>
        HasDataOffset | HasDurations | HasLengths | (isVideo ? HasFlags | HasOffsets : 0);

    private static int LengthOf(Mp4Run run, int sampleLength) =>
        run.Count == 0 ? 0 : RunHeadLength + (run.Count * sampleLength);

    private static void WriteRun(ref BoxWriter to, int trackId, Mp4Run run, long dataOffset)
    {
        var isVideo = trackId == Mp4Track.VideoId;
        var traf = to.Begin("traf"u8);
        var box = to.BeginFull("tfhd"u8, version: 0, DefaultBaseIsMoof);
        to.UInt32((uint)trackId);
        to.End(box);
        box = to.BeginFull("tfdt"u8, version: 1);
        to.UInt64((ulong)run.DecodeTime);
        to.End(box);
        box = to.BeginFull(
            "trun"u8,
            version: 1,                         // composition offsets are signed
            RunFlags(isVideo));
        to.UInt32((uint)run.Count);
        to.UInt32((uint)dataOffset);
        foreach (ref readonly var sample in run.Samples)
        {
            to.UInt32(sample.Duration);
            to.UInt32((uint)sample.Length);
            if (!isVideo)
                continue;
            to.UInt32(sample.IsSync ? Sync : Dependent);
            to.UInt32((uint)sample.CompositionOffset);
        }
        to.End(box);
        to.End(traf);
    }
}
