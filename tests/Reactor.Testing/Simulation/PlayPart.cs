using System;
using System.Linq;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>Somebody in front of a screen, who looks closely.</summary>
public sealed class PlayPart : Part
{
    private const int PatienceUs = 300_000;

    /// <summary>A smaller outbox is overrun by one burst, however fast the player is.</summary>
    private const int RoomyQueueBytes = 4 << 20;

    private readonly bool _isSlow;
    private string? _movesTo;
    private Publication? _relayed;

    public PlayPart(World world, Peer owner, string stream)
        : base(world, owner, stream)
    {
        var isHungry = owner.Plan.Playing.Appetite == Appetite.Healthy;
        _isSlow = !isHungry || owner.Plan.Quality.BytesPerSecond > 0;
        View = NewView();
        if (_isSlow)
            Excused("it does not keep up");
    }

    /// <summary>What it saw of the stream that it plays now.</summary>
    public Viewing View { get; private set; }

    /// <summary>When it last began to wait for frames.</summary>
    public long JoinedUs { get; private set; }

    /// <summary>
    /// Of every frame that was published after it joined, the longest way, in seconds.
    /// </summary>
    public double DelayMax { get; private set; }

    /// <summary>Since when a relay brings its stream, so that it is held to its delay too.
    /// </summary>
    public long RelayedSinceUs
    {
        get;
        set
        {
            field = value;
            _relayed = View.Publication;
        }
    } = long.MaxValue;

    /// <summary>Whether it asked for fewer frames than there are: a pause, no sound.</summary>
    public bool IsContentWithLess { get; set; }

    /// <summary>Whether it is not answered before there is something to play.</summary>
    public bool AwaitsPublisher { get; init; }

    /// <summary>Whether it now and then asks for more, or for less.</summary>
    public bool ChangesItsMind { get; init; }

    /// <summary>Whether it wants frames and takes them at once.</summary>
    public bool IsHealthy => !_isSlow && !IsContentWithLess && Excuse is null;

    /// <summary>Whether an operator was not answered yet who moves it to another stream.</summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>Whether it was moved, and has seen nothing of its new stream.</summary>
    public bool AwaitsMove => _movesTo is not null && !IsInDoubt;

    public override void Start()
    {
        base.Start();
        JoinedUs = Time.NowUs;
        View.WaitsSinceUs = Time.NowUs;
    }

    /// <summary>It asked for something else: what was missed meanwhile is its own wish.</summary>
    public void JoinAgain()
    {
        JoinedUs = Time.NowUs;
        View.Forgive();
    }

    /// <summary>What comes from now on is of another stream.</summary>
    public void SwitchTo(string stream)
    {
        Stream = stream;
        View = NewView();
        JoinedUs = Time.NowUs;
    }

    /// <summary>An operator moves it: from the first frame of there on it is there.</summary>
    public void MayMoveTo(string stream)
    {
        _movesTo = stream;
        IsInDoubt = true;
    }

    /// <summary>The operator was answered.</summary>
    public void EndMove(bool isMoved)
    {
        IsInDoubt = false;
        if (!isMoved)
            _movesTo = null;
        else if (_movesTo is { } stream)
            (Stream, JoinedUs) = (stream, Time.NowUs);
    }

    public void See(MessageType type, uint timestamp, ReadOnlySpan<byte> payload)
    {
        if (_movesTo is { } next && World.Ledger.IsOf(payload, next))
            Arrive(next);
        if (type == MessageType.Data
            && DataEvent.IsNamed(payload, "|RtmpSampleAccess"u8, out _))
        {
            return;
        }
        var published = View.See(type, timestamp, payload, Time.NowUs);
        if (AwaitsMove && published.SentUs > JoinedUs)
        {
            World.Checks.Fail(
                "whom an operator moves sees nothing more of the first stream", $"{this}");
        }
        World.Trace.Note(TraceKind.Frame, Owner.Id, timestamp);
        if (IsHealthy && !Publication.IsHeader(published.Sort))
            SeeDelay(published);
    }

    public override void Hear(string code, string description)
    {
        base.Hear(code, description);
        switch (code)
        {
            case StatusCode.PauseNotify or StatusCode.UnpauseNotify:
                View.Forgive();
                break;
            case StatusCode.PlayStreamNotFound or StatusCode.PlayFailed
                or StatusCode.PlayUnpublishNotify:
                End();
                break;
        }
    }

    public override string ToString() => $"{Owner} plays {Stream}";

    /// <summary>
    /// A wait that is configured, or that a full loop leads to, is no delay; and with writes of a
    /// few bytes each a keyframe takes many turns of a stormy link.
    /// </summary>
    private double PatienceWith(ReactorOptions options)
    {
        var adapted = World.Load.Share > 0 ? options.WriteCoalesceMax : TimeSpan.Zero;
        var coalesced = options.WriteCoalesce ?? adapted;
        var isTiny = options.IovMax < 16 || options.WriteBudget < 64 << 10;
        return coalesced.TotalMicroseconds + (isTiny ? 4 * PatienceUs : PatienceUs);
    }

    private void Arrive(string stream)
    {
        var before = View;
        SwitchTo(stream);
        View.GoOnFrom(before);
        (_movesTo, IsInDoubt) = (null, false);
    }

    /// <summary>Other options are in force, for it too, or not yet.</summary>
    public void Tell(ServerOptions options) =>
        View.IsSlow |= options.Defaults.Play.QueueSize < RoomyQueueBytes;

    private Viewing NewView()
    {
        var ever = World.EverInForce;
        return new Viewing(World.Checks, World.Ledger, Stream, Owner)
        {
            IsSlow = _isSlow
                || ever.Any(options => options.Defaults.Play.QueueSize < RoomyQueueBytes),
            MayMissBeginnings = World.IsClustered,
            MayJump = ever.Any(options => options.Defaults.Play.TimeJitter != TimeJitter.Full),
        };
    }

    /// <summary>A frame that was published while it watched is here in time.</summary>
    private void SeeDelay(in Published published)
    {
        var beganUs = View.Publication!.BeganUs;    // until then its frames were held
        if (!View.Publication.IsPrompt || beganUs == 0
            || published.SentUs <= Math.Max(JoinedUs, beganUs)
            || World.IsDisturbedSince(published.SentUs)
            || (World.Ledger.IsRelayed(Stream) && published.SentUs <= RelayedSinceUs)
            || (World.IsClustered && View.Publication != _relayed))
        {
            return;                             // a relay may join later than its players
        }
        var delayUs = Time.NowUs - published.SentUs;
        DelayMax = Math.Max(DelayMax, delayUs / 1e6);
        if (delayUs > World.WayUsMax + PatienceWith(World.Server.Options.Reactor))
        {
            World.Checks.Fail(
                "no healthy player is delayed by anybody",
                $"{this}: {delayUs / 1000} ms for a frame");
        }
    }
}
