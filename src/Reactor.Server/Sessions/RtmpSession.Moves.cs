using System;
using System.Collections.Generic;
using Reactor.Protocol;
using Reactor.Server.Authorisation;
using Reactor.Server.Ingest;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Publishers that go on under another name, on the word of an operator.</summary>
internal sealed partial class RtmpSession
{
    public IReadOnlyList<RtmpPublisher> Publishers => _publishers;

    /// <summary>Ends a publisher's stream, and lets it go on as another; the encoder hears
    /// nothing of it.</summary>
    /// <param name="publisher">One of this session.</param>
    /// <param name="key">The other stream.</param>
    /// <param name="parameters">What the hook is told of them; null for what it came with.</param>
    /// <param name="done">Called once, now or later: whether it was moved.</param>
    public void Redirect(
        RtmpPublisher publisher, StreamKey key, QueryParameters? parameters, Action<bool> done) =>
        AskToMove(
            AccessAction.Publish, key, parameters ?? publisher.Parameters,
            verdict => done(verdict.Refusal is null && TryMove(publisher, verdict.Key)));

    private bool TryMove(RtmpPublisher publisher, StreamKey key)
    {
        var options = Server.Options.Resolve(key);
        if (!_publishers.Contains(publisher) || key == publisher.Stream.Key
            || options is not { Live: true })
        {
            return false;                       // it left meanwhile, or a hook renamed the stream
        }
        var before = Server.Hub.Find(key)?.Publisher;
        var refusal = RingRefusal(key)
            ?? (before is null || MayReplace(before, options) ? null : "Already publishing");
        if (refusal is not null)
        {
            RefuseMove(key, refusal);
            return false;
        }
        Replace(before);
        var start = StartOf(publisher.Stream.Codecs);
        Unbind(publisher, $"moved to {key}");
        var stream = Server.StreamOf(key, options);
        var parameters = publisher.Parameters ?? new QueryParameters();
        _publishers.Add(new RtmpPublisher(
            this, publisher.StreamId, stream, parameters, options.Publish));
        Server.PublisherCount++;
        foreach (var frame in start)
        {
            stream.Publish(
                MediaFrame.TypeOf(frame.Kind), frame.SourceTime, frame.Payload, NowMs);
            frame.Payload.Release();
        }
        return true;
    }

    /// <summary>What an encoder says once, and would not say again: metadata and headers.</summary>
    /// <returns>Each payload is retained.</returns>
    private static List<MediaFrame> StartOf(CodecState codecs)
    {
        var start = new List<MediaFrame>();
        if (codecs.Metadata is { } metadata)
            start.Add(metadata);
        for (var i = 0; i < codecs.Count; i++)
            start.Add(codecs[i]);
        foreach (var frame in start)
            frame.Payload.Retain();
        return start;
    }
}
