using System;
using System.Collections.Generic;
using NLog;
using Reactor.Server.Storage;
using Reactor.Transport.Polling;

namespace Reactor.Server.Rooms;

/// <summary>Rooms that are kept in a file, which is replaced whole whenever one changes.</summary>
/// <remarks>
/// A change is answered when the file holds it, so a key that somebody was given outlasts the
/// end of the process and of the power. A file that cannot be understood is left alone, and
/// nothing is answered: to begin anew would take everybody's key away.
/// Invariant: at most one file is being written; it holds every change that waits in _saving.
/// </remarks>
public sealed class FileRooms : IRoomStore, IFaultTarget
{
    private static readonly Logger Log = LogManager.GetLogger("rooms");

    private readonly FileStore _files;
    private readonly SafePath _path;
    private readonly MemoryRooms _rooms;
    private readonly List<Action> _waiting = [];
    private List<(Action<RoomAnswer> Done, RoomAnswer Answer)> _changed = [];
    private List<(Action<RoomAnswer> Done, RoomAnswer Answer)> _saving = [];
    private bool _isLoaded;
    private bool _isSaving;
    private bool _isUnsaved;

    public FileRooms(FileStore files, SafePath path, Action<byte[]> fill)
    {
        _files = files;
        _path = path;
        _rooms = new MemoryRooms(fill);
        files.Load(path, RoomFile.BytesMax, this, OnLoaded);
    }

    public string Trouble { get; private set; } = "";

    public void KeyOf(string room, Action<RoomAnswer> done) => WhenLoaded(done, () =>
    {
        var known = _rooms.Keys.ContainsKey(room);
        _rooms.KeyOf(room, answer => EndChange(done, answer, isChange: !known));
    });

    public void FindKey(string room, Action<RoomAnswer> done) =>
        WhenLoaded(done, () => _rooms.FindKey(room, done));

    public void Reset(string room, Action<RoomAnswer> done) => WhenLoaded(
        done, () => _rooms.Reset(room, answer => EndChange(done, answer, isChange: true)));

    public void Delete(string room, Action<RoomAnswer> done) => WhenLoaded(
        done,
        () => _rooms.Delete(
            room, answer => EndChange(done, answer, isChange: answer.Value is not null)));

    public void RoomOf(string key, Action<RoomAnswer> done) =>
        WhenLoaded(done, () => _rooms.RoomOf(key, done));

    public void Stop()
    {
        _waiting.Clear();
        _changed.Clear();
        _saving.Clear();
    }

    /// <summary>Who waits for the file is told that it is not to be had.</summary>
    public void OnFault(Exception fault)
    {
        Log.Error(fault, "rooms: fault of ours");
        if (_isSaving)
            EndSaving(fault.Message);
        else if (!_isLoaded && Trouble.Length == 0)
            EndLoading(fault.Message);
    }

    private void WhenLoaded(Action<RoomAnswer> done, Action then)
    {
        if (Trouble.Length > 0 && !_isLoaded)
            done(RoomAnswer.Failed(Trouble));
        else if (_isLoaded)
            then();
        else
            _waiting.Add(() => WhenLoaded(done, then));
    }

    private void OnLoaded(FileResult<byte[]> result)
    {
        if (!result.IsOk(out var bytes, out var error))
            EndLoading(error.Failure == FileFailure.NotFound ? "" : error.Text);
        else if (RoomFile.TryRead(bytes, _rooms, out var why))
            _files.FlushName(_path, this, OnFlushed);
        else
            EndLoading($"{_path}: {why}");
    }

    /// <summary>
    /// Whoever put the file there may have been ended before he knew that it stays: what it says
    /// is told as if it did, so either it does now, or it is written anew before it is told.
    /// </summary>
    private void OnFlushed(FileError? error)
    {
        _isUnsaved = error is not null;
        EndLoading("");
    }

    private void EndLoading(string trouble)
    {
        Trouble = trouble;
        _isLoaded = Trouble.Length == 0;
        if (_isLoaded)
            Log.Info("{Count} rooms in {File:l}", _rooms.Keys.Count, _path.ToString());
        else
            Log.Error("no room can be opened: {Why:l}", Trouble);
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var then in waiting)
            then();
    }

    private void EndChange(Action<RoomAnswer> done, RoomAnswer answer, bool isChange)
    {
        _isUnsaved |= isChange;
        if (!answer.IsGood || !_isUnsaved)
        {
            done(answer);
            return;
        }
        _changed.Add((done, answer));           // also who only hears of a key not kept yet
        Save();
    }

    private void Save()
    {
        if (_isSaving || _changed.Count == 0)
            return;
        _isSaving = true;
        (_saving, _changed) = (_changed, _saving);
        _files.Replace(
            _path, RoomFile.Write(_rooms.Keys), Outlasts.PowerFailure, this, OnSaved);
    }

    private void OnSaved(FileError? error) => EndSaving(error?.Text ?? "");

    /// <param name="trouble">Why the file does not hold it; empty where it does.</param>
    private void EndSaving(string trouble)
    {
        _isSaving = false;
        _isUnsaved = trouble.Length > 0 || _changed.Count > 0;
        Trouble = trouble;
        if (trouble.Length > 0)
            Log.Error("rooms are not kept: {Why:l}", Trouble);
        var saved = _saving.ToArray();
        _saving.Clear();
        foreach (var (done, answer) in saved)
            done(trouble.Length == 0 ? answer : RoomAnswer.Failed(trouble));
        Save();
    }
}
