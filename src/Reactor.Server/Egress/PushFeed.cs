using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>What a push sends: a player at the end of which another server publishes.</summary>
/// <param name="session">The connection to that server.</param>
/// <param name="stream">What it sends.</param>
/// <param name="options">Of the stream.</param>
/// <param name="client">Keeps the connection.</param>
/// <param name="seam">Where an earlier connection was cut; told of each frame.</param>
internal sealed class PushFeed(
    RelaySession session,
    LiveStream stream,
    StreamOptions options,
    RelayClient client,
    PushSeam seam)
    : Player(session, session.StreamId, stream, options)
{
    public override bool IsAudience => false;

    /// <summary>The first frame that was not sent whole.</summary>
    public Packet? Waiting => session.Outbox.OldestFrame(StreamId);

    /// <summary>Metadata travels to a server as encoders send it (Q45).</summary>
    protected override void Take(in MediaFrame frame)
    {
        var isMetadata = frame.Kind == FrameKind.Data && frame.IsConfig;
        if (!isMetadata)
        {
            if (!frame.IsConfig)
                seam.Pass(frame.Payload);
            base.Take(frame);
            return;
        }
        var wrapped = session.Connection.Loop.Pool.Rent(
            DataEvent.SetDataFrameBytes + frame.Payload.Length);
        DataEvent.AppendSetDataFrame(wrapped);
        wrapped.Append(frame.Payload.Written);
        base.Take(frame with { Payload = wrapped });
        wrapped.Release();
    }

    protected override int FirstOf(GopCache gops) => seam.FirstOf(gops);

    protected override void Finish(PlayEnd end, string why) => client.Fail(why);

    protected override void TellPublished()
    {
    }

    protected override void TellUnpublished()
    {
    }
}
