using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Recording;

/// <summary>All recorders: which stream has which.</summary>
internal sealed class RecorderTable
{
    private static readonly Action<object> CheckOne = recorder => ((Recorder)recorder).Check();

    private readonly ReactorServer _server;
    private readonly Action<LiveStream, StreamChange> _changed;
    private readonly List<Recorder> _recorders = [];
    private bool _isStopped;

    public RecorderTable(ReactorServer server)
    {
        _server = server;
        Retention = new RecordingRetention(server, Names);
        server.Hub.Changed += _changed = server.Contained(OnChanged);
    }

    /// <summary>Files that are being written.</summary>
    public RecordingNames Names { get; } = new();

    /// <summary>What is deleted when.</summary>
    public RecordingRetention Retention { get; }

    public IReadOnlyList<Recorder> Recorders => _recorders;

    /// <summary>Begins a recorder on the word of an operator.</summary>
    /// <param name="key">Of a stream that is published.</param>
    /// <param name="name">The recorder's; empty for the first there is.</param>
    /// <param name="why">Why there is none.</param>
    /// <returns>The recorder, which may have been at it before.</returns>
    public Recorder? Start(StreamKey key, string name, out string why)
    {
        why = "";
        if (_server.Hub.Find(key) is not { IsPublished: true } stream)
            why = $"{key}: nobody publishes it";
        else if (_server.Options.Resolve(key) is not { } options)
            why = Refusal.NotConfigured(key);
        else if (RuleOf(options, name) is not { } rule)
            why = $"{key} has no recorder {name}";
        else
            return Find(key, rule) ?? Begin(stream, rule, options);
        return null;
    }

    /// <summary>Ends a recorder on the word of an operator.</summary>
    /// <returns>What it was just now; null when there was none.</returns>
    public RecordingStatus? Stop(StreamKey key, string name)
    {
        var found = _recorders.Find(
            each => each.Stream.Key == key && (name.Length == 0 || each.Rule.Name == name));
        if (found is null)
            return null;
        var status = RecordingApi.StatusOf(found);
        _recorders.Remove(found);
        found.End();
        return status;
    }

    public void Check(long nowMs)
    {
        for (var i = _recorders.Count - 1; i >= 0; i--)
        {
            _server.Loop.Contain(_recorders[i], _recorders[i], CheckOne);
            if (_recorders[i].IsOver)
                _recorders.RemoveAt(i);
        }
        Retention.Check(nowMs);
    }

    /// <summary>Other options: how a recorder writes stays as it was.</summary>
    public void Reload()
    {
        foreach (var recorder in _recorders)
        {
            var key = recorder.Stream.Key;
            if (_server.Options.Resolve(key) is { } options)
                recorder.Reload(options);
        }
    }

    /// <summary>Every file is completed; the disk is waited for by the server.</summary>
    public void Stop()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        _server.Hub.Changed -= _changed;
        foreach (var recorder in _recorders)
            recorder.End();
        _recorders.Clear();
    }

    private static RecordOptions? RuleOf(StreamOptions options, string name)
    {
        foreach (var rule in options.Record)
        {
            if (rule.Record != RecordMode.Off && (name.Length == 0 || rule.Name == name))
                return rule;
        }
        return null;
    }

    private void OnChanged(LiveStream stream, StreamChange change)
    {
        if (change != StreamChange.Published
            || _server.Options.Resolve(stream.Key) is not { } options)
        {
            return;
        }
        foreach (var rule in options.Record)
        {
            if (rule.Record is RecordMode.Off or RecordMode.Manual
                || Find(stream.Key, rule) is not null)
            {
                continue;                       // it went on through the publisher's absence
            }
            Begin(stream, rule, options);
        }
    }

    private Recorder? Find(StreamKey key, RecordOptions rule) =>
        _recorders.Find(each => each.Stream.Key == key && each.Rule == rule && !each.IsOver);

    private Recorder Begin(LiveStream stream, RecordOptions rule, StreamOptions options)
    {
        var recorder = new Recorder(_server, stream, rule, options);
        _recorders.Add(recorder);
        return recorder;
    }
}
