using System;
using System.Collections.Generic;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>Publishes a stream of ours on another server, while it is published here.</summary>
/// <remarks>
/// To the stream it is one more player: a frame costs it an entry in its outbox, and what the peer
/// does not take in time is dropped by the same rules. Where a connection is cut the next one goes
/// on (<see cref="PushSeam"/>). Invariant: there is a feed exactly while the peer has accepted.
/// </remarks>
internal sealed class RelayPush : IRelayEnd
{
    private readonly ReactorServer _server;
    private readonly PushSeam _seam = new();
    private StreamOptions _options;
    private LiveStream? _stream;
    private PushFeed? _feed;

    /// <param name="server">Whose stream it is.</param>
    /// <param name="key">The stream.</param>
    /// <param name="targets">Where to, the first that takes it.</param>
    /// <param name="options">Of the stream.</param>
    public RelayPush(
        ReactorServer server,
        StreamKey key,
        IReadOnlyList<RelayTarget> targets,
        StreamOptions options)
    {
        _server = server;
        _options = ForFeed(options);
        Key = key;
        var backoff = new RelayBackoff(
            options.PushReconnect, options.PushReconnectMax, server.Random);
        Client = new RelayClient(server, targets, $"push:{key}", backoff, this);
    }

    public RelayClient Client { get; }

    public StreamKey Key { get; }

    /// <summary>The stream is published: it goes out.</summary>
    public void Begin(LiveStream stream)
    {
        _stream = stream;
        Client.Start();
    }

    /// <summary>Nothing goes out until <see cref="Begin"/> is called again.</summary>
    public void End(string why)
    {
        Client.Stop(why);
        _stream = null;
    }

    /// <summary>Other options are in force, for what is being sent too.</summary>
    public void Reload(StreamOptions options)
    {
        _options = ForFeed(options);
        _feed?.Reload(_options);
    }

    public ClientRequest RequestOf(RelayUrl url) => new(url.App, url.TcUrl, url.Name, true)
    {
        Path = [.. _stream?.Publisher?.Path ?? [], _server.Relays.StepOf(Key)],
    };

    public void OnRunning(RelaySession session)
    {
        if (_stream is null)
            return;
        _seam.Begin(Client.Target);
        _feed = new PushFeed(session, _stream, _options, Client, _seam);
        session.Player = _feed;
        _feed.Join();
    }

    public void OnMedia(RtmpMessage message)
    {
    }

    public void OnStatus(string code, bool isError)
    {
        if (!isError && code is StatusCode.UnpublishSuccess or StatusCode.PublishIdle)
            Client.Fail($"the peer ended it: {code}");
    }

    public void OnEnded(string why)
    {
        if (_feed is { } feed)
        {
            _seam.Cut(feed.Waiting);
            feed.End(_server.Loop.NowMs);
        }
        _feed = null;
        if (Client.State == RelayState.Idle)
            _seam.Drop();
    }

    /// <summary>
    /// Nobody waits at the end of it: only the bounds of the queue hold for it as for players.
    /// </summary>
    private static StreamOptions ForFeed(StreamOptions options) => options with
    {
        Play = options.Play with
        {
            WaitTimeout = TimeSpan.Zero,
            Metadata = MetadataMode.On,
        },
    };
}
