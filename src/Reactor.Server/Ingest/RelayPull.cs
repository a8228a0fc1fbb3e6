using System;
using System.Collections.Generic;
using NLog;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Streaming;

namespace Reactor.Server.Ingest;

/// <summary>Plays a stream of another server, and publishes it here.</summary>
/// <remarks>
/// The stream is taken with the first media, and given up with the connection or when the other
/// server says that its publisher left; players wait through that, as they do for any publisher.
/// Invariant: it is the publisher of <see cref="_stream"/> exactly while that is not null.
/// </remarks>
internal sealed class RelayPull : IRelayEnd, IPublisher
{
    /// <summary>How long one of several servers may say nothing before the next is asked.
    /// </summary>
    private const int OthersWaitMs = 2000;

    private static readonly Logger Log = LogManager.GetLogger("relay");

    private readonly ReactorServer _server;
    private readonly StreamOptions _options;
    private LiveStream? _stream;
    private long _lastMediaMs;
    private bool _hasMedia;

    /// <param name="server">Whose stream it becomes.</param>
    /// <param name="key">The stream here.</param>
    /// <param name="targets">From where, the first that has it.</param>
    /// <param name="options">Of the stream.</param>
    public RelayPull(
        ReactorServer server,
        StreamKey key,
        IReadOnlyList<RelayTarget> targets,
        StreamOptions options)
    {
        _server = server;
        _options = options;
        Key = key;
        var backoff = new RelayBackoff(
            options.PullReconnect, options.PullReconnectMax, server.Random);
        Client = new RelayClient(server, targets, $"pull:{key}", backoff, this);
    }

    public RelayClient Client { get; }

    public StreamKey Key { get; }

    public long ConnectionId => Client.ConnectionId;

    public ClientRequest RequestOf(RelayUrl url) => new(url.App, url.TcUrl, url.Name, false)
    {
        Path = PathOfPlayers(),
        BufferMs = (uint)_options.Relay.Buffer.TotalMilliseconds,
    };

    public void OnRunning(RelaySession session)
    {
        _lastMediaMs = _server.Loop.NowMs;
        _hasMedia = false;
    }

    public void OnMedia(RtmpMessage message)
    {
        _hasMedia = true;
        _lastMediaMs = _server.Loop.NowMs;
        if (_stream is not null || TryPublish())
            _stream!.Publish(message.Type, message.Timestamp, message.Payload, _lastMediaMs);
    }

    /// <summary>The other publisher left; the connection may live to see its return.</summary>
    public void OnStatus(string code)
    {
        if (code is StatusCode.PlayUnpublishNotify or StatusCode.PlayStop)
            EndPublish();
    }

    public void OnEnded(string why) => EndPublish();

    public bool IsStale(long nowMs) =>
        _options.Publish.ReplaceStale > TimeSpan.Zero
        && nowMs - _lastMediaMs >= (long)_options.Publish.ReplaceStale.TotalMilliseconds;

    public IDeadline? CreateDeadline(Action due) => _server.CreateAudioDeadline(due, Client);

    public void OnReplaced()
    {
        EndPublish();
        Client.Fail("replaced by a publisher");
    }

    /// <summary>Connects anew when nothing comes.</summary>
    public void Check(long nowMs)
    {
        var silentMs = nowMs - _lastMediaMs;
        var patienceMs = Client.HasOthers && !_hasMedia
            ? OthersWaitMs
            : _options.PullTimeout.TotalMilliseconds;
        if (Client.State == RelayState.Running && silentMs > patienceMs)
            Client.Fail($"no media for {silentMs / 1000} s");
    }

    private bool TryPublish()
    {
        if (_server.Hub.Find(Key) is { IsPublished: true })
        {
            Client.Fail("somebody publishes the stream here");
            return false;
        }
        if (!_server.Memory.IsOpenToPublishers)
        {
            Client.Fail("the server is short of memory");
            return false;
        }
        _stream = _server.StreamOf(Key, _options);
        _stream.BeginPublish(this, _server.Loop.NowMs);
        _server.PublisherCount++;
        Log.Info("pull:{Stream:l} publishes", Key.ToString());
        return true;
    }

    /// <summary>Who waits for the stream behind us: none of them may be asked for it.</summary>
    private List<string> PathOfPlayers()
    {
        var path = new List<string>();
        foreach (var subscriber in _server.Hub.Find(Key)?.Subscribers ?? [])
        {
            foreach (var step in subscriber.Path)
            {
                if (!path.Contains(step) && path.Count < RelayPath.StepsMax - 1)
                    path.Add(step);
            }
        }
        path.Add(_server.Relays.StepOf(Key));
        return path;
    }

    private void EndPublish()
    {
        if (_stream is not { } stream)
            return;
        _stream = null;
        stream.EndPublish(_server.Loop.NowMs);
        _server.PublisherCount--;
        _server.Hub.Release(stream);
    }
}
