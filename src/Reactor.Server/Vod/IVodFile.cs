using System;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Server.Storage;

namespace Reactor.Server.Vod;

/// <summary>A recording that was opened, whatever it is written in.</summary>
internal interface IVodFile
{
    /// <summary>The file itself.</summary>
    StoredFile Stored { get; }

    uint DurationMs { get; }

    /// <summary>Whether it is begun with a picture, wherever.</summary>
    bool HasPictures { get; }

    /// <summary>Of the whole, in kbit/s.</summary>
    double Kbps { get; }

    /// <summary>Reads its tags.</summary>
    /// <param name="pool">Where payloads come from.</param>
    /// <param name="payloadBytesMax">The longest of them.</param>
    /// <param name="ready">Called when there may be more of them.</param>
    IVodReader Read(PacketPool pool, int payloadBytesMax, Action ready);

    /// <summary>Finds where to begin for a time: the last keyframe before it, exactly.</summary>
    /// <param name="targetMs">The time wanted.</param>
    /// <param name="done">Takes the place of a tag.</param>
    void Find(uint targetMs, Action<FlvIndexEntry?, FileError?> done);

    /// <summary>What a power failure leaves, and what never was one.</summary>
    static FileError Broken(StoredFile file, string why) =>
        new(FileFailure.Other, $"{file.Path}: no whole recording: {why}");
}

/// <summary>The tags of a recording in their order.</summary>
internal interface IVodReader
{
    /// <summary>Where the next tag is.</summary>
    VodPlace Place { get; }

    /// <summary>Why no more can be read, where that is not the file's end.</summary>
    FileError? Error { get; }

    /// <summary>Whether no tag is left.</summary>
    bool IsAtEnd { get; }

    /// <summary>Begins with the configurations.</summary>
    void Begin();

    /// <summary>Goes on from a place.</summary>
    void Seek(VodPlace place);

    /// <summary>The next tag, if it is here.</summary>
    bool TryRead(out FlvTag tag);

    /// <summary>Gives back what was read ahead; <see cref="Seek"/> goes on.</summary>
    void Drop();
}

/// <summary>Where a tag of a recording is.</summary>
/// <param name="Position">Bytes from the start of the file: of the tag, or of its fragment.</param>
/// <param name="Sample">Which of the fragment's samples it is.</param>
internal readonly record struct VodPlace(long Position, int Sample = 0);
