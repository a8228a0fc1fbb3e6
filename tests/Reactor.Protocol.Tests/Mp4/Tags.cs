using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Testing.Mp4;

namespace Reactor.Protocol.Tests.Mp4;

/// <summary>Payloads of FLV, given to a writer as a recorder or HLS would.</summary>
internal sealed class Tags(PacketPool pool)
{
    private readonly List<byte> _fragments = [];
    private bool _hasBegun;

    public Mp4Writer Writer { get; } = new(pool);

    public Mp4Walk Walk { get; } = new();

    public Mp4VideoTrack? VideoTrack { get; private set; }

    public Mp4AudioTrack? AudioTrack { get; private set; }

    /// <summary>The whole file so far.</summary>
    public List<byte> File { get; } = [];

    /// <returns>Whether it is carried, or told something.</returns>
    public bool Video(long timeMs, params byte[] payload)
    {
        var packet = pool.Copy(payload);
        try
        {
            var header = VideoTagHeader.Read(payload);
            VideoTrack = Mp4VideoTrack.Read(header, payload, VideoTrack);
            if (header.Kind != TagKind.Frames)
                return VideoTrack is not null;
            Begin();
            return Writer.TryAdd(header, packet, timeMs);
        }
        finally
        {
            packet.Release();
        }
    }

    public bool Audio(long timeMs, params byte[] payload)
    {
        var packet = pool.Copy(payload);
        try
        {
            var header = AudioTagHeader.Read(payload);
            AudioTrack = Mp4AudioTrack.Read(header, payload, AudioTrack);
            if (header.Kind != TagKind.Frames)
                return AudioTrack is not null;
            Begin();
            return Writer.TryAdd(header, packet, timeMs);
        }
        finally
        {
            packet.Release();
        }
    }

    /// <summary>Ends the fragment; the checker reads it.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] Cut(long? nextVideoMs = null)
    {
        var slices = new List<Mp4Slice>();
        Writer.Cut(slices, nextVideoMs);
        _fragments.Clear();
        foreach (var slice in slices)
        {
            _fragments.AddRange(slice.Bytes);
            slice.Packet.Release();
        }
        byte[] fragment = [.. _fragments];
        Walk.ReadFragments(fragment);
        File.AddRange(fragment);
        return fragment;
    }

    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        Writer.Begin(VideoTrack, AudioTrack);
        var init = Mp4Init.Write(pool, VideoTrack, AudioTrack);
        Walk.ReadInit(init.Written);
        File.AddRange(init.Written);
        init.Release();
    }
}
