using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Egress;

/// <summary>The HLS of all live streams that have one.</summary>
internal sealed class HlsOutputs
{
    private static readonly LentCall<HlsOutputs, HlsOutput> CheckOne =
        (HlsOutputs outputs, in HlsOutput output) => outputs.Check(output);
    private static readonly LentCall<HlsOutputs, HlsOutput> FinishOne =
        (HlsOutputs outputs, in HlsOutput output) => outputs.Finish(output);

    private static readonly Action<object> JoinOne = output => ((HlsOutput)output).Join();

    private readonly ReactorServer _server;
    private readonly Action<LiveStream, StreamChange> _changed;
    private readonly Dictionary<StreamKey, HlsOutput> _outputs = [];
    private readonly List<HlsOutput> _checked = [];
    private readonly List<HlsFiles> _finishing = [];
    private readonly Dictionary<(string App, string Name), HlsFiles> _files = [];
    private readonly HlsSweep _sweep;
    private readonly HlsNumbers _numbers;

    public HlsOutputs(ReactorServer server)
    {
        _server = server;
        _sweep = new HlsSweep(server, this);
        _numbers = new HlsNumbers(server.Time);
        Viewers = new HlsViewers(server);
        server.Hub.Changed += _changed = server.Contained(OnChanged);
    }

    public IReadOnlyCollection<HlsOutput> All => _outputs.Values;

    /// <summary>Who watches, all streams together.</summary>
    public HlsViewers Viewers { get; }

    /// <summary>How often the disk failed, or was too slow.</summary>
    public long DiskFailures { get; internal set; }

    /// <summary>How many watch a stream by HLS.</summary>
    public int ViewersOf(LiveStream stream) => Find(stream.Key)?.ViewerCount ?? 0;

    /// <summary>
    /// How many watch a stream, by whatever way: HLS counts by its viewers, not as one.
    /// </summary>
    public int AudienceOf(LiveStream stream) => Find(stream.Key) is { } output
        ? stream.AudienceCount - (output.IsAudience ? 1 : 0) + output.ViewerCount
        : stream.AudienceCount;

    public HlsOutput? Find(StreamKey key) => _outputs.GetValueOrDefault(key);

    /// <summary>The output of a stream, which begins now unless it is there.</summary>
    /// <returns>Null where a fault of ours has ended it at once.</returns>
    public HlsOutput? Open(StreamKey key, StreamOptions options)
    {
        if (_outputs.TryGetValue(key, out var output))
            return output;
        var first = _numbers.FirstOf(key, options.Hls);
        output = new HlsOutput(_server, _server.StreamOf(key, options), options, first);
        _outputs.Add(key, output);
        if (output.Files is { } files)
            _files[PartsOf(key)] = files;
        _server.Loop.Contain(output, output, JoinOne);
        return Find(key);
    }

    /// <summary>The files of an output that is there, by the names of its two folders.</summary>
    public HlsFiles? FilesOf(string app, string name) =>
        _files.GetValueOrDefault((app, name));

    /// <summary>Ends what nobody needs.</summary>
    public void Check(long nowMs)
    {
        _checked.AddRange(_outputs.Values);
        foreach (var output in _checked)
            _server.Loop.Contain(output, this, output, CheckOne);
        _checked.Clear();
        Viewers.Check(nowMs);
        _sweep.Check(nowMs);
        _numbers.Check();
    }

    /// <summary>The server stops: what is on the disk is finished first.</summary>
    public void Stop()
    {
        _server.Hub.Changed -= _changed;
        _sweep.Stop();
        foreach (var output in new List<HlsOutput>(_outputs.Values))
            _server.Loop.Contain(output, this, output, FinishOne);
    }

    /// <summary>The disk has had its time.</summary>
    public void StopNow()
    {
        foreach (var files in _finishing)
            files.Close();
        _finishing.Clear();
    }

    private void Finish(HlsOutput output)
    {
        output.End();
        if (output.Files is { } files)
            _finishing.Add(files);
        Remove(output, "the server stops");
    }

    private void Check(HlsOutput output)
    {
        if (output.Check(_server.Loop.NowMs))
            Close(output, "nobody asks for it");
    }

    private static (string App, string Name) PartsOf(StreamKey key) =>
        (SafeName.Of(key.App), SafeName.Of(key.Name));

    /// <summary>Ends an output; whoever asks for it next begins another.</summary>
    public void Close(HlsOutput output, string why)
    {
        Remove(output, why);
        output.Files?.Close();
    }

    private void Remove(HlsOutput output, string why)
    {
        Viewers.EndAll(output, why);
        _outputs.Remove(output.Stream.Key);
        _files.Remove(PartsOf(output.Stream.Key));
        _numbers.End(output.Stream.Key, output.Options, NextOf(output));
        output.Close(why);
        _server.Hub.Release(output.Stream);
    }

    /// <summary>
    /// The number of a segment of which there are parts is given out, though no segment comes of
    /// it. An aligned one may come again, for its bytes follow from the same frames.
    /// </summary>
    private static long NextOf(HlsOutput output) =>
        output.Window.UnderWay is { } parts && !output.Options.IsAligned
            ? parts.Sequence + 1
            : output.Window.NextSequence;

    /// <summary>What is not on demand begins with its publisher.</summary>
    private void OnChanged(LiveStream stream, StreamChange change)
    {
        if (change == StreamChange.Published
            && _server.Options.Resolve(stream.Key)
                is { Hls: { Enabled: true, IsOnDemand: false } } options)
        {
            Open(stream.Key, options);
        }
    }
}
