using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>What a push sends: a player at the end of which another server publishes.</summary>
internal sealed class PushFeed(
    RelaySession session, LiveStream stream, StreamOptions options, RelayClient client)
    : Player(session, session.StreamId, stream, options)
{
    public override bool IsAudience => false;

    /// <summary>Metadata travels to a server as encoders send it (Q45).</summary>
    protected override void Take(in MediaFrame frame)
    {
        var isMetadata = frame.Kind == FrameKind.Data && frame.IsConfig;
        if (!isMetadata)
        {
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

    protected override void Finish(PlayEnd end, string why) => client.Fail(why);

    protected override void TellPublished()
    {
    }

    protected override void TellUnpublished()
    {
    }
}
