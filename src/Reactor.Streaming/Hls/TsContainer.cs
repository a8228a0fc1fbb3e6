using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.MpegTs;

namespace Reactor.Streaming.Hls;

/// <summary>Segments of a transport stream, each of which can be read alone.</summary>
internal sealed class TsContainer : IHlsContainer
{
    private readonly TsWriter _writer;
    private readonly TsAudio _audio;

    public TsContainer(PacketPool pool)
    {
        _writer = new TsWriter(pool);
        Video = new TsVideo(_writer);
        _audio = new TsAudio(_writer);
    }

    public HlsTrack<VideoTagHeader> Video { get; }

    public HlsTrack<AudioTagHeader> Audio => _audio;

    public long Bytes => _writer.Bytes;

    public Packet? Init => null;

    public void BeginSegment(HlsProgram program, bool isDiscontinuity, long? number)
    {
        if (number is not null)
            _audio.BeginAlone();
        _writer.BeginSegment(
            new TsProgram((byte)program.Video, (byte)program.Audio), isDiscontinuity, number);
    }

    public Packet[] CutPart(long endMs)
    {
        _audio.Flush();
        return _writer.CutPart();
    }

    public Packet[] EndSegment(long endMs)
    {
        _audio.Flush();
        return _writer.EndSegment();
    }

    public void DropSegment() => _writer.DropSegment();

    public void Clear()
    {
    }
}
