using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol.Flv;

namespace Reactor.Testing.Fuzzing;

/// <summary>Files that are walked through: the first byte says from where, and until when.
/// </summary>
public sealed class FlvScanTarget : FuzzTarget
{
    private static readonly FlvTarget Files = new();

    public override string Name => "flv-scan";

    public override IEnumerable<byte[]> Seeds() =>
        Files.Seeds().Select(file => (byte[])[0, .. file]);

    public override byte[] Generate(Random random) =>
        [(byte)random.Next(256), .. Files.Generate(random)];

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        FlvScan? scan = null;
        var fed = 0L;
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            if (scan is null && !input.IsEmpty)
            {
                scan = ScanOf(input[0]);
                fed = scan.Bytes;
                input = input[1..];
            }
            scan?.Feed(input);
            fed += input.Length;
        }
        if (scan is null)
            return;
        Invariant.Holds(scan.Bytes <= Math.Max(fed, FlvWriter.HeaderLength));
        Invariant.Holds(scan.LastFrame is null || scan.LastFrame.Value.Position < scan.Bytes);
        for (var i = 1; i < scan.Index.Count; i++)
            Invariant.Holds(scan.Index[i].Position > scan.Index[i - 1].Position);
        seen.Add(
            $"{scan.IsDone} {scan.HasAudio} {scan.HasVideo} {Math.Min(scan.Index.Count, 3)}",
            $"{scan.Bytes} {scan.LastMs} {scan.LastKeyframe} {scan.LastFrame} {scan.Index.Count}");
    }

    private static FlvScan ScanOf(byte first) => (first % 4) switch
    {
        0 or 1 => new FlvScan(),
        2 => new FlvScan(first, null),
        _ => new FlvScan(FlvWriter.HeaderLength, first * 10u),
    };
}
