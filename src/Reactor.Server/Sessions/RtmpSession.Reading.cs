using System;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>How soon a publisher is read: what is not awaited wakes nobody.</summary>
internal sealed partial class RtmpSession
{
    /// <summary>
    /// Whoever has more is read at once: what comes while thousands are sent to one after another
    /// leaves with what still waits.
    /// </summary>
    private const int FewTakers = 8;

    /// <summary>
    /// With more of them waking is little of the work, and audio that wakes the loop between two
    /// pictures keeps warm what sends them: at a hundred nothing is saved, and pictures are later.
    /// </summary>
    private const int SomeTakers = 32;

    /// <summary>
    /// Where audio lies unread there is one read for each picture: a shorter wait makes more.
    /// </summary>
    private const int TwoPicturesMs = 2 * LiveStream.AudioWaitMs;

    /// <summary>
    /// Pictures in a row that come as soon as a wait is over: what lies unread is acknowledged
    /// late, and a sender with Nagle's algorithm, such as ffmpeg, sends nothing small until then.
    /// </summary>
    private const int HeldBackMax = 3;

    /// <summary>What was held back comes within so long of an acknowledgement.</summary>
    private const int HeldBackMs = 5;

    private bool _leavesAudio;
    private int _heldBack;
    private long _judgedDueMs = -1;

    /// <summary>Whether pictures wait to be read, too.</summary>
    public bool IsReadLate => Connection.ReadsLate && !_leavesAudio;

    /// <summary>Bytes that are no picture; 0 where that is not known.</summary>
    private int UnreadBytesMax =>
        _publishers.Count == 1 ? _publishers[0].Stream.UnreadBytesMax : 0;

    /// <summary>Whether all that the peer does here is to publish.</summary>
    private bool OnlyPublishes =>
        _publishers.Count > 0 && _publishers.TrueForAll(publisher => publisher.HasBegun)
        && Players.Count + _pending.Count + _vods.Count + _vodOrders.Count == 0;

    /// <summary>What comes is awaited from now on.</summary>
    public void ReadAtOnce()
    {
        _leavesAudio = false;
        Connection.ReadWithin(0);
    }

    /// <summary>A picture has come: by itself, or because the connection was read.</summary>
    public void OnPicture()
    {
        if (!_leavesAudio)
            return;
        var dueMs = Connection.LastDueMs;
        var wasHeldBack = dueMs != _judgedDueMs && NowMs - dueMs <= HeldBackMs;
        _judgedDueMs = dueMs;                   // of several at once the first one tells
        _heldBack = wasHeldBack ? _heldBack + 1 : 0;
        if (_heldBack == HeldBackMax)
            ReadAtOnce();
    }

    /// <summary>
    /// What the peer sends waits to be read together while nobody takes its streams, and while the
    /// loop is nearly full and so few do that reading is most of the work.
    /// </summary>
    private void ChooseReading()
    {
        var takers = 0;
        foreach (var publisher in _publishers)
            takers += publisher.Stream.SubscriberCount;
        var mayWait = OnlyPublishes;
        // TLS does not tell whether the bytes so far end within a record, as a message does.
        var mayLeave = mayWait && takers <= SomeTakers && !Connection.IsTls
            && _heldBack < HeldBackMax;
        var waitMs = mayWait ? WaitMsFor(takers, mayLeave && UnreadBytesMax > 0) : 0;
        _leavesAudio = mayLeave && waitMs == 0;
        if (_leavesAudio)
            LeaveAudio();
        else
            Connection.ReadWithin(waitMs);
    }

    private int WaitMsFor(int takers, bool canLeaveAudio)
    {
        var lateMs = takers <= FewTakers ? Connection.Loop.Pacing.ReadWaitMs : 0;
        if (takers == 0)
            return Math.Max(lateMs, (int)Server.Options.Reactor.ReadCoalesce.TotalMilliseconds);
        return canLeaveAudio && lateMs < TwoPicturesMs ? 0 : lateMs;
    }

    /// <summary>
    /// Audio that waits for a picture does so unread; but what is left of a message is awaited.
    /// </summary>
    private void LeaveAudio()
    {
        var bytes = UnreadBytesMax;
        if (bytes == 0)
            Connection.ReadWithin(0);
        else
            Connection.ReadWithin(LiveStream.AudioWaitMs, Conversation.IsAmidMessage ? 1 : bytes);
    }
}
