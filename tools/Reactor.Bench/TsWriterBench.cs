using BenchmarkDotNet.Attributes;
using Reactor.Primitives;
using Reactor.Protocol.MpegTs;

namespace Reactor.Bench;

/// <summary>A picture into TS packets, as segments of HLS are made: once for all players.</summary>
public class TsWriterBench
{
    private const int Pictures = 30;
    private readonly byte[] _picture = Samples.Picture(isKeyframe: false, 3770);
    private TsWriter _writer = null!;
    private long _time;

    [GlobalSetup]
    public void Prepare() => _writer = new TsWriter(new PacketPool());

    [Benchmark(OperationsPerInvoke = Pictures)]
    public long Picture()
    {
        _writer.BeginSegment(new TsProgram(TsProgram.Avc, TsProgram.Aac), isDiscontinuity: false);
        for (var i = 0; i < Pictures; i++)
        {
            _time += 33 * TsWriter.TicksPerMs;
            _writer.BeginFrame(TsTrack.Video, _time, _time, i == 0, _picture.Length);
            _writer.Write(_picture);
        }
        var bytes = _writer.Bytes;
        foreach (var piece in _writer.EndSegment())
            piece.Release();
        return bytes;
    }
}
