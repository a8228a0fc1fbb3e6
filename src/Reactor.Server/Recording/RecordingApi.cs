using System.Collections.Generic;

namespace Reactor.Server.Recording;

/// <summary>One recorder of a stream, for lists and metrics.</summary>
/// <param name="Stream"><c>app/name</c>.</param>
/// <param name="Recorder">Its name in the configuration.</param>
/// <param name="Path">The file that is being written; empty while there is none.</param>
/// <param name="Bytes">Of that file.</param>
/// <param name="LastError">What went wrong last; empty when nothing did.</param>
public sealed record RecordingStatus(
    string Stream, string Recorder, string Path, long Bytes, string LastError);

/// <summary>What became of an order for a recording.</summary>
/// <param name="Recording">The recorder as it is now; null when there is none.</param>
/// <param name="Why">Why there is none.</param>
public readonly record struct RecordingAnswer(RecordingStatus? Recording, string Why);

/// <summary>Recordings on the word of an operator: started, stopped, listed, at run time.</summary>
public sealed class RecordingApi
{
    private readonly ReactorServer _server;

    internal RecordingApi(ReactorServer server) => _server = server;

    /// <summary>All recorders there are, those of the configuration included.</summary>
    public IEnumerable<RecordingStatus> List()
    {
        foreach (var recorder in _server.Recorders.Recorders)
            yield return StatusOf(recorder);
    }

    /// <summary>Begins to record a stream that is published; one that records goes on.</summary>
    /// <param name="app">Of the stream.</param>
    /// <param name="name">Of the stream.</param>
    /// <param name="recorder">As it is called in <c>record</c>; empty for the first.</param>
    public RecordingAnswer Start(string app, string name, string recorder)
    {
        if (!_server.TryName(app, name, out var key))
            return new RecordingAnswer(null, "app and name are needed");
        var started = _server.Recorders.Start(key, recorder, out var why);
        return new RecordingAnswer(started is null ? null : StatusOf(started), why);
    }

    /// <summary>Completes a recording.</summary>
    public RecordingAnswer Stop(string app, string name, string recorder)
    {
        if (!_server.TryName(app, name, out var key))
            return new RecordingAnswer(null, "app and name are needed");
        return _server.Recorders.Stop(key, recorder) is { } stopped
            ? new RecordingAnswer(stopped, "")
            : new RecordingAnswer(null, $"{key} is not being recorded");
    }

    internal static RecordingStatus StatusOf(Recorder recorder) => new(
        recorder.Stream.Key.ToString(), recorder.Rule.Name, recorder.File?.Path.Text ?? "",
        recorder.File?.Bytes ?? 0, recorder.LastError);
}
