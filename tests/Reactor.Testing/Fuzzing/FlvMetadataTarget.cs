using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Flv;

namespace Reactor.Testing.Fuzzing;

/// <summary>onMetaData of publishers and of files, and what a recorder makes of it.</summary>
public sealed class FlvMetadataTarget : FuzzTarget
{
    private const int LengthMax = 20_000;

    private static readonly string[] Names =
    [
        "width", "duration", "filesize", "hasAudio", "hasVideo", "keyframes", "filler", "encoder",
        "", "times", "filepositions",
    ];

    public override string Name => "flv-metadata";

    protected override bool IsResumable => false;

    public override byte[] Generate(Random random)
    {
        var room = new byte[8000];
        var body = new Amf0Writer(room);
        body.String(random.Next(8) == 0 ? "onCuePoint" : "onMetaData");
        body.BeginEcmaArray(random.Next(4));
        for (var i = random.Next(10); i > 0; i--)
        {
            body.Key(Names[random.Next(Names.Length)]);
            switch (random.Next(5))
            {
                case 0:
                    body.String(new string('x', random.Next(40)));
                    break;
                case 1:
                    body.Boolean(random.Next(2) == 0);
                    break;
                case 2:
                    Keyframes(ref body, random);
                    break;
                default:
                    body.Number(random.Next(3) == 0 ? double.NaN : random.Next(100_000));
                    break;
            }
        }
        body.EndObject();
        return room[..body.Length];
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var message = pieces.Single();
        var index = FlvMetadata.ReadIndex(message);
        Invariant.Holds(index.Count <= FlvIndex.EntriesMax);
        var metadata = new FlvMetadata(message);
        Invariant.Holds(metadata.Length <= LengthMax);

        var written = new byte[metadata.Length];
        metadata.Write(written, new FlvSummary(1500, 77, true, false), index);
        var members = FlvMetadata.MembersOf(written);
        Invariant.Holds(members.Count(each => each.Key == "duration") == 1);
        Invariant.Holds(FlvMetadata.ReadIndex(written).Count == index.Count);
        var continued = FlvMetadata.TryContinue(written);
        Invariant.Holds(continued is { HasAudio: true, HasVideo: false });
        Invariant.Holds(continued!.Length == metadata.Length);
        continued.Write(written, new FlvSummary(2500, 99, true, true), index);

        seen.Add($"{Math.Min(index.Count, 4)} {Math.Min(members.Count, 16)}");
        seen.Add($"continued: {FlvMetadata.TryContinue(message) is not null}");
        if (FlvMetadata.Bare(message, pool) is not { } bare)
            return;
        Invariant.Holds(bare.Length <= message.Length);
        seen.Add($"bare: {Math.Min(FlvMetadata.MembersOf(bare.Written).Count, 16)}");
        bare.Release();
    }

    private static void Keyframes(ref Amf0Writer body, Random random)
    {
        body.BeginObject();
        foreach (var name in (string[])["filepositions", "times"])
        {
            var count = random.Next(20);
            body.Key(name);
            body.BeginStrictArray(count);
            for (var i = 0; i < count; i++)
                body.Number(random.Next(8) == 0 ? -1 : i * 1.5);
        }
        body.EndObject();
    }
}
