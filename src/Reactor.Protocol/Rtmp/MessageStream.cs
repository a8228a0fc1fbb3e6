using System.Collections.Generic;

namespace Reactor.Protocol.Rtmp;

/// <summary>What a message stream is doing.</summary>
internal enum StreamState
{
    Idle,
    PublishRequested,
    Publishing,
    PlayRequested,
    Playing,
}

/// <summary>
/// What a player asks of its stream before play is answered: the last word of each kind.
/// </summary>
/// <param name="IsPaused">pause, or its contrary; null when neither came.</param>
/// <param name="SeekMs">Where it wants to begin.</param>
/// <param name="WantsAudio">receiveAudio.</param>
/// <param name="WantsVideo">receiveVideo.</param>
internal readonly record struct PlayWishes(
    bool? IsPaused, double? SeekMs, bool? WantsAudio, bool? WantsVideo);

/// <summary>A message stream that createStream gave out.</summary>
internal sealed class MessageStream(uint id)
{
    public uint Id => id;

    public StreamState State { get; set; }

    /// <summary>
    /// Whether messages of a publish that has ended, or was refused, may still be under way.
    /// </summary>
    public bool HasAskedToPublish { get; set; }

    /// <summary>The name that was asked for, for descriptions.</summary>
    public string Name { get; set; } = "";

    /// <summary>The play request's reset, which its answer tells of.</summary>
    public bool Reset { get; set; }

    /// <summary>What was asked of the stream while play was decided; see
    /// <see cref="PlayWishes"/>.</summary>
    public PlayWishes Wishes { get; set; }

    public bool IsPublish => State is StreamState.Publishing or StreamState.PublishRequested;

    public bool IsPlay => State is StreamState.Playing or StreamState.PlayRequested;
}

/// <summary>The message streams of a connection; few, so a list.</summary>
internal sealed class MessageStreams(int streamsMax)
{
    private readonly List<MessageStream> _streams = new(1);
    private uint _nextId = 1;

    public IReadOnlyList<MessageStream> All => _streams;

    public bool IsFull => _streams.Count >= streamsMax;

    public MessageStream Create()
    {
        var stream = new MessageStream(_nextId++);
        _streams.Add(stream);
        return stream;
    }

    public MessageStream? Find(uint id)
    {
        foreach (var stream in _streams)
        {
            if (stream.Id == id)
                return stream;
        }
        return null;
    }

    /// <summary>
    /// The stream a command means: id 1, and 0, also without a createStream (Q19).
    /// </summary>
    public MessageStream? FindOrImply(uint id)
    {
        if (_streams.Count == 0 && _nextId == 1 && id <= 1)
            return Create();
        return Find(id) ?? (id == 0 && _streams.Count == 1 ? _streams[0] : null);
    }

    /// <summary>
    /// The stream that media belongs to: another id will do if only one publishes (Q19), unless
    /// that id has asked for itself, for then it is the end of what was ended or refused.
    /// </summary>
    public MessageStream? FindPublishing(uint id)
    {
        var meant = Find(id);
        if (meant is { IsPublish: true })
            return meant;
        if (meant?.HasAskedToPublish ?? WasGiven(id))
            return null;
        MessageStream? only = null;
        var count = 0;
        foreach (var stream in _streams)
        {
            if (!stream.IsPublish)
                continue;
            only = stream;
            count++;
        }
        return count == 1 ? only : null;
    }

    public void Remove(MessageStream stream) => _streams.Remove(stream);

    private bool WasGiven(uint id) => id > 0 && id < _nextId;
}
