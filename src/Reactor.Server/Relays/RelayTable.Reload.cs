using System.Collections.Generic;
using System.Linq;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Relays;

/// <summary>Other options while relays run.</summary>
internal sealed partial class RelayTable
{
    /// <summary>Other options: streams that run go to other places and come from other places
    /// at once (A2).</summary>
    public void Reload()
    {
        foreach (var stream in _server.Hub.Streams.ToArray())
        {
            if (stream.IsPublished)
                ReloadPushes(stream);
        }
        foreach (var (push, _) in _pushes)
        {
            if (_server.Options.Resolve(push.Key) is { } options)
                push.Reload(options);
        }
        var wanted = RelaySources.StaticPulls(_server.Options);
        foreach (var pull in _pulls.Values.ToArray())
            Reload(pull, wanted);
        foreach (var (key, options) in wanted)
        {
            if (!_pulls.ContainsKey(key))       // else the API has one
                BeginPull(key, options, RelayOrder.Static, null);
        }
    }

    private void ReloadPushes(LiveStream stream)
    {
        var wanted = PushesOf(stream).ToList();
        for (var i = _pushes.Count - 1; i >= 0; i--)
        {
            var (push, order) = _pushes[i];
            if (order != RelayOrder.Config || push.Key != stream.Key)
                continue;
            var at = wanted.FindIndex(each => each.Targets.SequenceEqual(push.Client.Targets));
            if (at >= 0)
            {
                wanted.RemoveAt(at);
                continue;
            }
            _pushes.RemoveAt(i);
            push.End("it is not configured any more");
        }
        foreach (var (options, targets) in wanted)
            BeginPush(stream, options, targets);
    }

    /// <summary>A pull goes on where the sources are the same; whether it lasts may change.
    /// </summary>
    private void Reload(Pull pull, Dictionary<StreamKey, StreamOptions> statics)
    {
        var key = pull.Relay.Key;
        pull.Options = _server.Options.Resolve(key) ?? pull.Options;
        if (pull.Order == RelayOrder.Api
            || (pull.Order == RelayOrder.Cluster && !statics.ContainsKey(key)))
        {
            return;
        }
        var isStatic = statics.Remove(key, out var options);
        options ??= _server.Options.Resolve(key);
        var targets = options is null
            ? []
            : RelaySources.OfPull(options, key, pull.Parameters);
        if (targets.Count > 0 && targets.SequenceEqual(pull.Relay.Client.Targets))
        {
            pull.Order = isStatic ? RelayOrder.Static : RelayOrder.Config;
            return;
        }
        EndPull(pull, "it is not configured any more");
        if (_server.Hub.Find(key) is { } stream)
            Want(stream);                       // unless the end of the pull has done so
        if (!isStatic)
            return;
        if (_pulls.TryGetValue(key, out var begun))
            begun.Order = RelayOrder.Static;
        else
            BeginPull(key, options!, RelayOrder.Static, null);
    }
}
