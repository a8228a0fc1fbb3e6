using System;
using System.Collections.Generic;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>Plays a stream, and looks closely.</summary>
public sealed class PlayerPeer : ClientPeer
{
    private const int Pause = OwnPlans;
    private const int Choose = OwnPlans + 1;
    private const int Switch = OwnPlans + 2;

    private readonly PlayerPlan _style;
    private readonly PlayPart _part;
    private readonly Queue<string> _switches = new();
    private bool _isPaused;
    private bool _isAudioOff;
    private bool _isElsewhere;

    public PlayerPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan)
    {
        _style = plan.Playing;
        _part = new PlayPart(world, this, plan.Stream)
        {
            ChangesItsMind = _style.ChooseMs > 0 || _style.PauseMs > 0,
        };
    }

    public override Part Part => _part;

    /// <summary>What it saw of the stream that it plays now.</summary>
    public Viewing View => _part.View;

    /// <summary>
    /// Of every frame that was published after it joined, the longest way, in seconds.
    /// </summary>
    public double DelayMax => _part.DelayMax;

    public override void OnStarted()
    {
        base.OnStarted();
        foreach (var (interval, what) in (ReadOnlySpan<(int, int)>)
            [(_style.PauseMs, Pause), (_style.ChooseMs, Choose), (_style.SwitchMs, Switch)])
        {
            if (interval > 0)
                PlanIn(interval, what);
        }
    }

    public override void OnMedia(RtmpMessage message) =>
        _part.See(message.Type, message.Timestamp, message.Payload.Written);

    protected override void OnStatus(string code, string description)
    {
        // What was under way before is of the old stream.
        // A switch that was still looked at when the next one came is not answered.
        while (code == StatusCode.PlayReset && _switches.TryDequeue(out var stream))
        {
            if (!stream.EndsWith($"/{description}", StringComparison.Ordinal))
                continue;
            _part.SwitchTo(stream);
            break;
        }
    }

    protected override void OnPlanned(int what)
    {
        switch (what)
        {
            case Pause:
                _isPaused = !_isPaused;
                Want();
                Conversation.SendCommand("pause", AmfValue.Of(_isPaused), AmfValue.Of(0.0));
                PlanIn(_style.PauseMs, Pause);
                break;
            case Choose:
                _isAudioOff = !_isAudioOff;
                Want();
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
        Conversation.SendCommand(
            "play",
            AmfValue.Of(stream[(stream.LastIndexOf('/') + 1)..]),
            AmfValue.Of(Part.LiveOnly));
        _switches.Enqueue(stream);
    }

    private void Want()
    {
        _part.IsContentWithLess = _isPaused || _isAudioOff;
        _part.JoinAgain();
    }
}
