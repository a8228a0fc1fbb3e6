using System;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Flv;

/// <summary>Walks through the tags of a file without keeping them: where is what?</summary>
/// <remarks>
/// For files whose onMetaData has no index: a killed recorder's, or another program's. Fed with
/// the bytes in their order, however they are cut. What is not whole at the end does not count.
/// Invariant: <see cref="Bytes"/> is the end of the last whole tag.
/// </remarks>
public sealed class FlvScan
{
    private const int PeekBytes = 16;
    private const int CompositionMsMax = 10_000;
    private const int FileHeaderLength = FlvWriter.HeaderLength;

    private ByteFill _head = new(PeekBytes);
    private readonly uint? _untilMs;
    private State _state;
    private int _peek;
    private long _skip;
    private MessageType _type;
    private uint _timeMs;
    private int _length;
    private VideoTagHeader _picture;
    private bool _isConfig;
    private bool _hasFrame;
    private long? _configsBegin;
    private long _begin;
    private uint _lastPictureMs;

    /// <summary>From the file's first byte to its last.</summary>
    public FlvScan()
        : this(0, null) => _state = State.FileHeader;

    /// <param name="position">Where a tag begins, from which on bytes are fed.</param>
    /// <param name="untilMs">Where to stop: behind the last tag of this time.</param>
    public FlvScan(long position, uint? untilMs)
    {
        _untilMs = untilMs;
        _begin = position;
        _hasFrame = position > FileHeaderLength;
        Bytes = position;
        _state = State.TagHeader;
    }

    private enum State
    {
        FileHeader,
        TagHeader,
        Peek,
        Skip,
    }

    /// <summary>
    /// Keyframes that were passed; where configurations stand before one, it begins with those.
    /// </summary>
    public FlvIndex Index { get; } = new();

    /// <summary>The last keyframe that was passed; null when there was none.</summary>
    public FlvIndexEntry? LastKeyframe { get; private set; }

    /// <summary>
    /// The last frame that was passed, or the configurations before it; before there is one, the
    /// first tag.
    /// </summary>
    public FlvIndexEntry? LastFrame { get; private set; }

    /// <summary>The latest time of a whole tag.</summary>
    public uint LastMs { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>When the latest picture is to be seen, which is later than its time where pictures
    /// are shown in another order than they are decoded.</summary>
    public uint LastShownMs { get; private set; }

    /// <summary>Between the last two pictures; 0 before there are two.</summary>
    public uint PictureStepMs { get; private set; }

    /// <summary>Whether a tag of sound was passed.</summary>
    public bool HasAudio { get; private set; }

    /// <summary>Whether a tag of a picture was passed.</summary>
    public bool HasVideo { get; private set; }

    /// <summary>Whether it needs no more: the time was passed, or it is no FLV file.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes the next bytes of the file.</summary>
    public void Feed(ReadOnlySpan<byte> input)
    {
        while (!IsDone)
        {
            switch (_state)
            {
                case State.FileHeader:
                    if (!_head.TryTake(ref input, FileHeaderLength, out var fileHeader))
                        return;
                    EndFileHeader(fileHeader);
                    break;
                case State.TagHeader:
                    if (!_head.TryTake(ref input, FlvWriter.TagHeaderLength, out var tagHeader))
                        return;
                    EndTagHeader(tagHeader);
                    break;
                case State.Peek:
                    if (!_head.TryTake(ref input, _peek, out var payload))
                        return;
                    _picture = _type == MessageType.Video ? VideoTagHeader.Read(payload) : default;
                    _isConfig = IsConfig(payload);
                    IsDone = _timeMs > _untilMs && !_isConfig;
                    _skip = _length - _peek + FlvWriter.BackPointerLength;
                    _state = State.Skip;
                    break;
                case State.Skip:
                    if (!Skip(ref input))
                        return;
                    EndTag();
                    break;
            }
        }
    }

    private void EndFileHeader(ReadOnlySpan<byte> head)
    {
        IsDone = !head.StartsWith("FLV"u8);
        _begin = Bytes = FileHeaderLength;
        _state = State.TagHeader;
    }

    private void EndTagHeader(ReadOnlySpan<byte> bytes)
    {
        var head = new ByteReader(bytes);
        _ = head.TryReadByte(out var type) & head.TryReadUInt24(out var length)
            & head.TryReadUInt24(out var time) & head.TryReadByte(out var timeTop);
        _type = (MessageType)(type & 0x1F);
        _length = (int)length;
        _timeMs = time | ((uint)timeTop << 24);
        IsDone = _type is not (MessageType.Audio or MessageType.Video or MessageType.Data);
        _peek = Math.Min(_length, PeekBytes);
        _state = State.Peek;
        _picture = default;
        _isConfig = false;
        if (_peek > 0)
            return;
        _skip = FlvWriter.BackPointerLength;
        _state = State.Skip;
    }

    private void EndTag()
    {
        var entry = new FlvIndexEntry(_timeMs, _configsBegin ?? _begin);
        var isFrame = !_isConfig && _type != MessageType.Data;
        if (_type == MessageType.Video)
            EndPicture(entry);
        if (isFrame || LastFrame is null)
            LastFrame = entry;
        _hasFrame |= isFrame;
        _configsBegin = _isConfig && _hasFrame ? _configsBegin ?? _begin : null;
        HasAudio |= _type == MessageType.Audio;
        LastMs = Math.Max(LastMs, _timeMs);
        Bytes = _begin += FlvWriter.TagHeaderLength + _length + FlvWriter.BackPointerLength;
        _state = State.TagHeader;
    }

    private void EndPicture(FlvIndexEntry entry)
    {
        if (_picture.IsKeyframe)
        {
            Index.Add(entry.TimeMs, entry.Position);
            LastKeyframe = entry;
        }
        var laterMs = Math.Clamp(_picture.CompositionTimeMs, 0, CompositionMsMax);
        LastShownMs = Math.Max(LastShownMs, _timeMs + (uint)laterMs);
        PictureStepMs = HasVideo ? _timeMs - _lastPictureMs : 0;
        _lastPictureMs = _timeMs;
        HasVideo = true;
    }

    private bool IsConfig(ReadOnlySpan<byte> payload) => _type switch
    {
        MessageType.Video => _picture.IsSequenceHeader,
        MessageType.Audio => AudioTagHeader.Read(payload).Kind == TagKind.SequenceHeader,
        _ => false,
    };

    private bool Skip(ref ReadOnlySpan<byte> input)
    {
        var taken = (int)Math.Min(_skip, input.Length);
        input = input[taken..];
        _skip -= taken;
        return _skip == 0;
    }
}
