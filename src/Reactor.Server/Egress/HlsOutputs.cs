using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>The HLS of all live streams that have one.</summary>
internal sealed class HlsOutputs
{
    private readonly ReactorServer _server;
    private readonly Dictionary<StreamKey, HlsOutput> _outputs = [];
    private readonly List<HlsOutput> _checked = [];
    private long _nextSequence;

    public HlsOutputs(ReactorServer server)
    {
        _server = server;
        server.Hub.Changed += OnChanged;
    }

    public IReadOnlyCollection<HlsOutput> All => _outputs.Values;

    public HlsOutput? Find(StreamKey key) => _outputs.GetValueOrDefault(key);

    /// <summary>The output of a stream, which begins now unless it is there.</summary>
    public HlsOutput Open(StreamKey key, StreamOptions options)
    {
        if (_outputs.TryGetValue(key, out var output))
            return output;
        // Seconds pass faster than segments come, so numbers rise over restarts too.
        var first = Math.Max(_nextSequence, _server.Time.GetUtcNow().ToUnixTimeSeconds());
        output = new HlsOutput(_server, _server.StreamOf(key, options), options, first);
        _outputs.Add(key, output);
        return output;
    }

    /// <summary>Ends what nobody needs.</summary>
    public void Check(long nowMs)
    {
        _checked.AddRange(_outputs.Values);
        foreach (var output in _checked)
        {
            if (output.Check(nowMs))
                Close(output, "nobody asks for it");
        }
        _checked.Clear();
    }

    /// <summary>The server stops.</summary>
    public void Stop()
    {
        _server.Hub.Changed -= OnChanged;
        foreach (var output in new List<HlsOutput>(_outputs.Values))
            Close(output, "the server stops");
    }

    private void Close(HlsOutput output, string why)
    {
        _outputs.Remove(output.Stream.Key);
        _nextSequence = Math.Max(_nextSequence, output.Window.NextSequence);
        output.Close(why);
        _server.Hub.Release(output.Stream);
    }

    /// <summary>What is not on demand begins with its publisher.</summary>
    private void OnChanged(LiveStream stream, StreamChange change)
    {
        if (change == StreamChange.Published
            && _server.Options.Resolve(stream.Key.App, stream.Key.Name)
                is { Hls: { Enabled: true, OnDemand: false } } options)
        {
            Open(stream.Key, options);
        }
    }
}
