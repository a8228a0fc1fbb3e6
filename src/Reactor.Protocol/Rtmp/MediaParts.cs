using System;

namespace Reactor.Protocol.Rtmp;

/// <summary>
/// Turns what carries media into plain messages: aggregates come apart, data events lose what is
/// wrapped around them.
/// </summary>
/// <param name="link">Counts what was left out.</param>
/// <param name="each">Hears of each audio, video or data message; its payload is borrowed.</param>
internal sealed class MediaParts(RtmpLink link, Action<RtmpMessage> each)
{
    /// <summary>Parts of an aggregate message: a second of frames and more, in one turn.</summary>
    private const int PartsMax = 1024;

    /// <summary>Takes a message of type audio, video, data (AMF0 or 3) or aggregate.</summary>
    public void Take(RtmpMessage message)
    {
        switch (message.Type)
        {
            case MessageType.Audio or MessageType.Video:
                each(message);
                break;
            case MessageType.Aggregate:
                Aggregate(message);
                break;
            default:
                Data(message);
                break;
        }
    }

    /// <summary>Data events: players are given them without @setDataFrame around (Q45).</summary>
    private void Data(RtmpMessage message)
    {
        var body = message.Payload.Written;
        var start = message.Type == MessageType.DataAmf3 && body is [0, ..] ? 1 : 0;
        if (DataEvent.IsNamed(body[start..], DataEvent.SetDataFrame, out var inner))
            start += inner;
        if (start == body.Length)
        {
            link.Skip();                        // a wrapper around nothing
            return;
        }
        if (start == 0 && message.Type == MessageType.Data)
        {
            each(message);
            return;
        }
        var payload = link.Pool.Copy(body[start..]);
        each(message with { Type = MessageType.Data, Payload = payload });
        payload.Release();
    }

    private void Aggregate(RtmpMessage message)
    {
        var parts = new AggregateReader(message);
        for (var count = 0; parts.TryRead(out var type, out var timestamp, out var body); count++)
        {
            if (count == PartsMax)
            {
                link.Skip();                    // the rest of it, as one
                return;
            }
            if (body.IsEmpty || type is not (MessageType.Audio or MessageType.Video
                or MessageType.Data))
            {
                link.Skip();
                continue;
            }
            var part = message with
            {
                Type = type,
                Timestamp = timestamp,
                Payload = link.Pool.Copy(body),
            };
            Take(part);
            part.Payload.Release();
        }
    }
}
