using System;
using System.Collections.Generic;
using NLog;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Streaming;

namespace Reactor.Server.Recording;

/// <summary>All recorders: which stream has which, and what is deleted when it is old.</summary>
internal sealed class RecorderTable
{
    private const int RetentionMs = 60_000;
    private const int FilesMax = 10_000;

    private static readonly Logger Log = LogManager.GetLogger("record");
    private static readonly Action<object> CheckOne = recorder => ((FlvRecorder)recorder).Check();

    private readonly ReactorServer _server;
    private readonly List<FlvRecorder> _recorders = [];
    private readonly Dictionary<string, RecordOptions> _kept = [];
    private long _retentionAtMs;
    private bool _isStopped;

    public RecorderTable(ReactorServer server)
    {
        _server = server;
        server.Hub.Changed += OnChanged;
    }

    public IReadOnlyList<FlvRecorder> Recorders => _recorders;

    /// <summary>Begins a recorder on the word of an operator.</summary>
    /// <param name="key">Of a stream that is published.</param>
    /// <param name="name">The recorder's; empty for the first there is.</param>
    /// <param name="why">Why there is none.</param>
    /// <returns>The recorder, which may have been at it before.</returns>
    public FlvRecorder? Start(StreamKey key, string name, out string why)
    {
        why = "";
        if (_server.Hub.Find(key) is not { IsPublished: true } stream)
            why = $"{key}: nobody publishes it";
        else if (_server.Options.Resolve(key.App, key.Name) is not { } options)
            why = $"application {key.App} is not configured";
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
        if (nowMs < _retentionAtMs)
            return;
        _retentionAtMs = nowMs + RetentionMs;
        Keep(_server.Options.Defaults);
        if (_server.Options.Apps is { } apps)
            Keep(apps.Rules);
        foreach (var rule in _kept.Values)
            DeleteOld(rule);
        _kept.Clear();
    }

    /// <summary>Every file is completed; the disk is waited for by the server.</summary>
    public void Stop()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        _server.Hub.Changed -= OnChanged;
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
            || _server.Options.Resolve(stream.Key.App, stream.Key.Name) is not { } options)
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

    private FlvRecorder? Find(StreamKey key, RecordOptions rule) =>
        _recorders.Find(each => each.Stream.Key == key && each.Rule == rule && !each.IsOver);

    private FlvRecorder Begin(LiveStream stream, RecordOptions rule, StreamOptions options)
    {
        var recorder = new FlvRecorder(_server, stream, rule, options);
        _recorders.Add(recorder);
        return recorder;
    }

    private void Keep(IReadOnlyList<AppRule> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            Keep(rules[i].Options);
            Keep(rules[i].Streams);
        }
    }

    /// <summary>By position: a look that finds nothing leaves no garbage behind.</summary>
    private void Keep(StreamOptions options)
    {
        for (var i = 0; i < options.Record.Count; i++)
        {
            var rule = options.Record[i];
            if (rule.DeleteAfter > TimeSpan.Zero)
                _kept.TryAdd(rule.RecordPath.ToString(), rule);
        }
    }

    private void DeleteOld(RecordOptions rule)
    {
        var folder = RecordingFolder.Of(rule.RecordPath);
        var before = _server.Time.GetUtcNow() - rule.DeleteAfter;
        _server.Files.List(
            folder.Root, $"*.{FlvRecorder.Extension}", isDeep: true, FilesMax, null, found =>
            {
                foreach (var (path, facts) in found.Value ?? [])
                {
                    if (facts.Modified < before && Glob.Matches(folder.Pattern, path.Text))
                        Delete(path);
                }
            });
    }

    private void Delete(SafePath path) => _server.Files.Delete(path, null, error =>
    {
        if (error is null)
            Log.Info("deleted {Path:l}, which was old enough", path.Text);
        else
            Log.Warn("{Why:l}", error.Text);
    });
}
