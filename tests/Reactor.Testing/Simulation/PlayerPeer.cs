using System;
using System.Collections.Generic;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>Plays a stream, and looks closely.</summary>
public sealed class PlayerPeer : ClientPeer
{
    private const int Eat = OwnPlans;
    private const int Pause = OwnPlans + 1;
    private const int Choose = OwnPlans + 2;
    private const int Switch = OwnPlans + 3;
    private const int MealMs = 20;
    private const int PatienceUs = 300_000;

    /// <summary>A smaller outbox is overrun by one burst, however fast the player is.</summary>
    private const int RoomyQueueBytes = 4 << 20;

    private readonly PlayerPlan _style;
    private readonly Queue<string> _switches = new();
    private long _allowance;
    private bool _isMealPlanned;
    private bool _isPaused;
    private bool _isAudioOff;
    private bool _isElsewhere;

    public PlayerPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan)
    {
        _style = plan.Playing;
        View = NewView(plan.Stream);
        if (_style.Appetite != Appetite.Healthy || plan.Quality.BytesPerSecond > 0)
            Excused("it does not keep up");
    }

    /// <summary>What it saw of the stream that it plays now.</summary>
    public Viewing View { get; private set; }

    /// <summary>When it last began to wait for frames.</summary>
    public long JoinedUs { get; private set; }

    /// <summary>Whether it wants frames and takes them at once.</summary>
    public bool IsHealthy => _style.Appetite == Appetite.Healthy
        && Plan.Quality.BytesPerSecond == 0 && !_isPaused && !_isAudioOff && Excuse is null;

    /// <summary>
    /// Of every frame that was published after it joined, the longest way, in seconds.
    /// </summary>
    public double DelayMax { get; private set; }

    protected override int Hunger
    {
        get
        {
            switch (_style.Appetite)
            {
                case Appetite.Stalled when Time.NowUs - StartedUs > _style.StallMs * 1000L:
                    return 0;
                case Appetite.Slow when StartedAt > 0:
                    PlanMeal();
                    return (int)_allowance;
                default:
                    return int.MaxValue;
            }
        }
    }

    public override void OnStarted()
    {
        base.OnStarted();
        JoinedUs = Time.NowUs;
        foreach (var (interval, what) in (ReadOnlySpan<(int, int)>)
            [(_style.PauseMs, Pause), (_style.ChooseMs, Choose), (_style.SwitchMs, Switch)])
        {
            if (interval > 0)
                PlanIn(interval, what);
        }
    }

    public override void OnMedia(RtmpMessage message)
    {
        if (message.Type == MessageType.Data && DataEvent.IsNamed(
            message.Payload.Written, "|RtmpSampleAccess"u8, out _))
        {
            return;
        }
        var published = View.See(
            message.Type, message.Timestamp, message.Payload.Written, Time.NowUs);
        World.Trace.Note(TraceKind.Frame, Id, message.Timestamp);
        if (IsHealthy && !Publication.IsHeader(published.Sort))
            SeeDelay(published);
    }

    protected override void OnReceived(ReadOnlySpan<byte> bytes)
    {
        _allowance -= bytes.Length;
        base.OnReceived(bytes);
    }

    /// <summary>Whether it asks for audio, or a pause, now and then.</summary>
    public bool ChangesItsMind => _style.ChooseMs > 0 || _style.PauseMs > 0;

    protected override void OnStatus(string code)
    {
        switch (code)
        {
            case StatusCode.PlayReset when _switches.TryDequeue(out var stream):
                View = NewView(stream);         // what was under way before is of the old one
                JoinedUs = Time.NowUs;
                break;
            case StatusCode.PauseNotify or StatusCode.UnpauseNotify:
                View.Forgive();
                break;
        }
    }

    protected override void OnPlanned(int what)
    {
        switch (what)
        {
            case Eat:
                _isMealPlanned = false;
                _allowance = _style.BytesPerSecond * MealMs / 1000;
                Happen(0);
                break;
            case Pause:
                _isPaused = !_isPaused;
                JoinedUs = Time.NowUs;
                View.Forgive();
                Conversation.SendCommand("pause", AmfValue.Of(_isPaused), AmfValue.Of(0.0));
                PlanIn(_style.PauseMs, Pause);
                break;
            case Choose:
                _isAudioOff = !_isAudioOff;
                JoinedUs = Time.NowUs;
                View.Forgive();
                Conversation.SendCommand("receiveAudio", AmfValue.Of(!_isAudioOff));
                PlanIn(_style.ChooseMs, Choose);
                break;
            case Switch:
                _isElsewhere = !_isElsewhere;
                ChangeTo(_isElsewhere ? _style.OtherStream : Plan.Stream);
                PlanIn(_style.SwitchMs, Switch);
                break;
        }
    }

    private void ChangeTo(string stream)
    {
        World.Trace.Note(TraceKind.Began, Id, 0, $"switches to {stream}");
        Conversation.SendCommand("play", AmfValue.Of(stream[(stream.LastIndexOf('/') + 1)..]));
        _switches.Enqueue(stream);
    }

    private Viewing NewView(string stream) =>
        new(World.Checks, World.Ledger, stream, this)
        {
            IsSlow = _style.Appetite != Appetite.Healthy || Plan.Quality.BytesPerSecond > 0
                || World.Server.Options.Defaults.Play.QueueSize < RoomyQueueBytes,
            MayJump = World.Server.Options.Defaults.Play.TimeJitter != TimeJitter.Full,
        };

    private void PlanMeal()
    {
        if (_isMealPlanned)
            return;
        _isMealPlanned = true;
        PlanIn(MealMs, Eat);
    }

    /// <summary>
    /// A wait that is configured is no delay; and with writes of a few bytes each a keyframe takes
    /// many turns of a stormy link.
    /// </summary>
    private static double PatienceWith(ReactorOptions options)
    {
        var coalesced = options.WriteCoalesce ?? TimeSpan.Zero;
        var isTiny = options.IovMax < 16 || options.WriteBudget < 64 << 10;
        return coalesced.TotalMicroseconds + (isTiny ? 4 * PatienceUs : PatienceUs);
    }

    /// <summary>A frame that was published while it watched is here in time.</summary>
    private void SeeDelay(in Published published)
    {
        if (!View.Publication!.IsPrompt || published.SentUs <= JoinedUs
            || World.IsDisturbedSince(published.SentUs))
        {
            return;
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
