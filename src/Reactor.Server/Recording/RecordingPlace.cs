using System;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Transport.Polling;

namespace Reactor.Server.Recording;

/// <summary>A file that is ready to be written on.</summary>
/// <param name="File">Owned by whoever is given it; empty, or ending with a whole tag.</param>
/// <param name="Tail">How it ends; null when it is empty.</param>
internal sealed record RecordingStart(StoredFile File, FlvTail? Tail = null);

/// <summary>Finds where a recording goes: into a new file, or behind the end of one of ours.
/// </summary>
/// <remarks>
/// Only a file that a recorder began is written on: its first tag has room for the whole index.
/// Where another is in the way, or one that somebody writes, a number behind the name makes a new
/// one. What a killed recorder left behind the last whole tag is cut off.
/// Invariant: the file is handed over with its name, or closed and its name left, by a fault too.
/// </remarks>
internal sealed class RecordingPlace(
    ReactorServer server,
    RecordOptions rule,
    SafePath wanted,
    IFaultTarget owner)
    : IFaultTarget
{
    private const int NamesMax = 100;
    private const uint StepMsMin = 20;
    private const uint StepMsMax = 1000;

    private Action<RecordingStart?, FileError?> _done = null!;
    private StoredFile? _file;
    private bool _isGiven;
    private SafePath? _numbered;
    private int _number;
    private bool _isTaken;

    /// <summary>The name as far as it is known; final once the file is open.</summary>
    public SafePath Path => _numbered ?? wanted;

    /// <summary>Takes a name and opens the file, if there is room on the disk.</summary>
    /// <param name="done">Called once, in a later turn; then the name is taken until
    /// <see cref="Leave"/>, or nothing is.</param>
    public void Open(Action<RecordingStart?, FileError?> done)
    {
        _done = done;
        server.Recorders.Retention.MakeRoom(rule, wanted.Folder, owner, error =>
        {
            if (error is null)
                Take();
            else
                done(null, error);
        });
    }

    /// <summary>No tag comes any more.</summary>
    public void End()
    {
        if (_isTaken)
            server.Recorders.Names.End(Path);
    }

    /// <summary>The file is closed.</summary>
    public void Leave()
    {
        if (_isTaken)
            server.Recorders.Names.Leave(Path);
        _isTaken = false;
    }

    /// <summary>What was asked goes on no more, so who wants the file never has it.</summary>
    public void OnFault(Exception fault)
    {
        owner.OnFault(fault);
        if (_isGiven)
            return;                             // whoever has it closes it
        if (_file is { IsOpen: true } file)
            file.Close(_ => Leave());
        else
            Leave();
    }

    /// <summary>A name with a number before its ending: <c>a.flv</c>, <c>a-1.flv</c>.</summary>
    public static SafePath Numbered(SafePath path, long number)
    {
        var text = path.Text;
        var dot = text.LastIndexOf('.');
        var stem = dot > text.LastIndexOf('/') ? dot : text.Length;
        return SafePath.Configured($"{text[..stem]}-{number}{text[stem..]}");
    }

    private void Take()
    {
        while (!server.Recorders.Names.TryTake(Path))
        {
            if (!TryNumber())
            {
                _done(null, new FileError(FileFailure.Exists, $"{Path}: too many of that name"));
                return;
            }
        }
        _isTaken = true;
        var use = rule.RecordAppend ? FileUse.Append : FileUse.Create;
        server.Files.Open(Path, use, this, Opened);
    }

    private bool TryNumber()
    {
        if (_number == NamesMax)
            return false;
        _numbered = Numbered(wanted, ++_number);
        return true;
    }

    private void Opened(FileResult<StoredFile> result)
    {
        if (!result.IsOk(out var file, out var error))
        {
            Leave();
            if (error.Failure == FileFailure.Exists && TryNumber())
                Take();
            else
                _done(null, error);
            return;
        }
        _file = file;
        if (file.Length == 0)
            Give(new RecordingStart(file));
        else
            file.Read(0, FlvWalk.HeadBytes, head => Recognise(file, head));
    }

    private void Give(RecordingStart start)
    {
        _isGiven = true;
        _done(start, null);
    }

    private void Recognise(StoredFile file, FileResult<Packet> result)
    {
        if (!result.IsOk(out var head, out var error))
        {
            Fail(file, error);
            return;
        }
        var first = FlvWalk.FirstTagOf(head.Written, out var isFlv);
        if (first.Length == 0 && isFlv && head.Length < FlvWalk.HeadBytes)
        {
            // Killed before its first tag was written: nothing is in it.
            Cut(file, 0, new RecordingStart(file));
        }
        else if (FlvMetadata.TryContinue(first) is { } theirs)
        {
            Walk(file, theirs, FlvMetadata.ReadIndex(first));
        }
        else
        {
            file.Close(_ =>
            {
                Leave();
                if (TryNumber())
                    Take();
                else
                    _done(null, new FileError(FileFailure.Exists, $"{Path} is not ours"));
            });
        }
    }

    /// <summary>The index says where to begin, if there really is a keyframe.</summary>
    private void Walk(StoredFile file, FlvMetadata theirs, FlvIndex index)
    {
        var from = index.Count > 0 ? index[index.Count - 1].Position : FlvWriter.HeaderLength;
        var scan = new FlvScan(from, null);
        FlvWalk.Run(file, scan, from, error =>
        {
            if (error is not null)
            {
                Fail(file, error);
                return;
            }
            if (index.Count > 0 && scan.LastKeyframe is null)
            {
                Walk(file, theirs, new FlvIndex());
                return;
            }
            for (var i = 0; i < scan.Index.Count; i++)
                index.Add(scan.Index[i].TimeMs, scan.Index[i].Position);
            var start = new RecordingStart(file, new FlvTail(
                theirs, index, scan.LastMs,
                Math.Max(scan.LastMs, scan.LastShownMs)
                    + Math.Clamp(scan.PictureStepMs, StepMsMin, StepMsMax),
                theirs.HasAudio || scan.HasAudio, theirs.HasVideo || scan.HasVideo));
            if (scan.Bytes < file.Length)
                Cut(file, scan.Bytes, start);
            else
                Give(start);
        });
    }

    private void Cut(StoredFile file, long length, RecordingStart start) =>
        file.Truncate(length, error =>
        {
            if (error is null)
                Give(start);
            else
                Fail(file, error);
        });

    private void Fail(StoredFile file, FileError error) => file.Close(_ =>
    {
        Leave();
        _done(null, error);
    });
}
