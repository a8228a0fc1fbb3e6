using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Fuzzing;

/// <summary>FLV files, and what the payloads in them say of themselves.</summary>
public sealed class FlvTarget : FuzzTarget
{
    private const int PayloadMax = 100_000;

    public override string Name => "flv";

    public override IEnumerable<byte[]> Seeds() => [Samples.Load("ertmp-av1-opus.flv")[..3000]];

    public override byte[] Generate(Random random)
    {
        var file = new List<byte>([.. "FLV"u8, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);
        for (var i = random.Next(6); i > 0; i--)
        {
            var payload = new byte[random.Next(40)];
            random.NextBytes(payload);
            if (payload.Length > 0 && random.Next(2) == 0)
                payload[0] = (byte)(0x80 | random.Next(128));       // Enhanced RTMP
            file.Add((byte)(random.Next(3) switch { 0 => 8, 1 => 9, _ => 18 }));
            file.AddRange(Chunks.Number(payload.Length, 3));
            file.AddRange(Chunks.Number(random.Next(), 4));
            file.AddRange([0, 0, 0, .. payload]);
            file.AddRange(Chunks.Number(payload.Length + 11, 4));
        }
        return [.. file];
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        using var reader = new FlvReader(pool, PayloadMax);
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (reader.TryRead(ref input, out var tag))
            {
                var payload = tag.Payload.Written;
                seen.Add($"{tag.Type}", payload);
                seen.Add("at", $"{tag.TimestampMs}");
                seen.Add(Describe(tag.Type, payload));
                tag.Payload.Release();
            }
            Invariant.Holds(input.IsEmpty);
        }
    }

    private static string Describe(MessageType type, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case MessageType.Video:
                var video = VideoTagHeader.Read(payload);
                Invariant.Holds(video.BodyOffset >= 0 && video.BodyOffset <= payload.Length);
                return $"{video.Kind} {video.FrameType} {video.IsEnhanced} {video.Tracks}";
            case MessageType.Audio:
                var audio = AudioTagHeader.Read(payload);
                Invariant.Holds(audio.BodyOffset >= 0 && audio.BodyOffset <= payload.Length);
                return $"{audio.Kind} {audio.IsEnhanced} {audio.Tracks}";
            default:
                return "no header";
        }
    }
}
