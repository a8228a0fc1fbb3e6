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
/// The stream is taken with the first media, and given up when the other server says that its
/// publisher left, or when it cannot be had there any more. A connection that is cut is no such
/// end: the next one tells, at once or within the time of <c>pull_timeout</c>, whether the stream
/// has gone on, and then players see nothing of it (<see cref="PullSeam"/>).
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
    private readonly PullSeam _seam = new();
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

    /// <summary>
    /// What is live: a recording would be played to its end, whoever publishes meanwhile.
    /// </summary>
    public ClientRequest RequestOf(RelayUrl url) => new(url.App, url.TcUrl, url.Name, false)
    {
        Path = PathOfPlayers(),
        BufferMs = (uint)_options.Relay.Buffer.TotalMilliseconds,
        IsLiveOnly = true,
    };

    public void OnRunning(RelaySession session)
    {
        _lastMediaMs = _server.Loop.NowMs;
        _hasMedia = false;
    }

    /// <summary>Whether its connection was cut, and the stream may go on with the next one.
    /// </summary>
    public bool IsCut => _seam.IsOpen;

    public void OnMedia(RtmpMessage message)
    {
        if (message.Type == MessageType.Data && DataEvent.IsOfServer(message.Payload.Written))
            return;                             // meant for us, and no sign of a publisher
        _hasMedia = true;
        _lastMediaMs = _server.Loop.NowMs;
        if (!_seam.IsOpen)
        {
            Publish(message);
            return;
        }
        var found = _seam.Look(message, _stream!);
        if (found == PullSeam.Finding.Nothing)
            return;
        if (found == PullSeam.Finding.Same)
            Log.Info("pull:{Stream:l} goes on where it was cut", Key.ToString());
        else
            EndPublish();
        while (_seam.TryTake(out var held))
        {
            Publish(held);
            held.Payload.Release();
        }
        Publish(message);
    }

    /// <summary>The other publisher left; the connection may live to see its return.</summary>
    /// <remarks>
    /// Another one may come without a word of the first one's end, within the time that the other
    /// server gives it (Q61). It brings its own tracks: of the first one's nothing is kept here.
    /// </remarks>
    public void OnStatus(string code, bool isError)
    {
        if (isError || code is StatusCode.PlayUnpublishNotify or StatusCode.PlayStop)
        {
            EndPublish();
        }
        else if (code == StatusCode.PlayPublishNotify && _stream is not null && !_seam.IsOpen)
        {
            EndPublish();
            TryPublish();
        }
    }

    public void OnEnded(string why)
    {
        _seam.Drop();
        if (_stream is not null && Client.State == RelayState.Waiting && !_seam.IsOpen)
            _seam.Open();
        else
            EndPublish();
    }

    public bool IsStale(long nowMs) =>
        Client.State != RelayState.Running
        || (_options.Publish.ReplaceStale > TimeSpan.Zero
            && nowMs - _lastMediaMs >= (long)_options.Publish.ReplaceStale.TotalMilliseconds);

    public IDeadline? CreateDeadline(Action due) => _server.CreateAudioDeadline(due, Client);

    public void OnReplaced()
    {
        EndPublish();
        Log.Info("pull:{Stream:l} gives way to a publisher", Key.ToString());
        if (!_server.Relays.GiveWay(Key))
            Client.Fail("replaced by a publisher");
    }

    /// <summary>Connects anew when nothing comes.</summary>
    public void Check(long nowMs)
    {
        var silentMs = nowMs - _lastMediaMs;
        var patienceMs = Client.HasOthers && !_hasMedia
            ? OthersWaitMs
            : _options.PullTimeout.TotalMilliseconds;
        if (silentMs <= patienceMs)
            return;
        if (Client.State == RelayState.Running)
        {
            EndPublish();
            _server.Struck.Add(Limit.PullTimeout);
            Client.Fail($"no media for {silentMs / 1000} s");
        }
        else if (_seam.IsOpen)
        {
            EndPublish();
        }
    }

    private void Publish(RtmpMessage message)
    {
        if (!_seam.IsRepeated(message) && (_stream is not null || TryPublish()))
            _stream!.Publish(message.Type, message.Timestamp, message.Payload, _lastMediaMs);
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
        _seam.Close();
        if (_stream is not { } stream)
            return;
        _stream = null;
        stream.EndPublish(_server.Loop.NowMs);
        _server.PublisherCount--;
        _server.Hub.Release(stream);
    }
}
