using System.Collections.Generic;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>One message stream that plays.</summary>
internal sealed class RtmpPlayer(
    RtmpSession session, uint streamId, LiveStream stream, StreamOptions options)
    : Player(session, streamId, stream, options, isRelay: session.RelayPath.Count > 0)
{
    public override IReadOnlyList<string> Path => session.RelayPath;

    protected override void Finish(PlayEnd end, string why) => session.EndPlayer(
        this,
        end switch
        {
            PlayEnd.PublisherLeft => StatusCode.PlayUnpublishNotify,
            PlayEnd.NothingCame => StatusCode.PlayStreamNotFound,
            _ => StatusCode.PlayFailed,
        },
        why);

    protected override void TellPublished() =>
        session.Conversation.NotifyPublish(StreamId, Stream.Key.Name);

    /// <summary>
    /// Nothing final is said yet: ffmpeg ends at UnpublishNotify, and the publisher may return.
    /// </summary>
    protected override void TellUnpublished() =>
        session.Conversation.SendStreamDry(StreamId);
}
