using System;
using System.Linq;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>Plays one of the recordings that there are.</summary>
public sealed class RecordingPeer : ClientPeer
{
    private const int Pause = OwnPlans;
    private const int Seek = OwnPlans + 1;
    private const string Folder = "record/";
    private const string Ending = ".flv";

    private readonly PlayerPlan _style;
    private readonly RecordingPart _part;

    public RecordingPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan)
    {
        _style = plan.Playing;
        _part = new RecordingPart(world, this);
        if (plan.Quality.BytesPerSecond > 0 || _style.Appetite != Appetite.Healthy)
            _part.Excused("it does not keep up");
    }

    public override Part Part => _part;

    /// <summary>What it saw.</summary>
    public RecordingPart Recording => _part;

    protected override string NameShown => _part.Stream[(_part.Stream.LastIndexOf('/') + 1)..];

    public override void OnStarted()
    {
        base.OnStarted();
        if (_style.PauseMs > 0)
            PlanIn(_style.PauseMs, Pause);
        if (_style.SeekMs > 0)
            PlanIn(_style.SeekMs, Seek);
    }

    public override void OnMedia(RtmpMessage message) =>
        _part.See(message.Type, message.Timestamp, message.Payload.Written);

    protected override void OnConnected()
    {
        var folder = $"{Folder}{Plan.Stream[..Plan.Stream.LastIndexOf('/')]}/";
        var files = World.Disk.Names.Where(name => IsIn(folder, name)).ToList();
        if (files.Count == 0)
        {
            Excused("there is no recording");
            Hang(isReset: false);
            return;
        }
        var file = files[Random.Next(files.Count)];
        _part.Choose(file, file[Folder.Length..^Ending.Length]);
        base.OnConnected();
    }

    protected override void OnPlanned(int what)
    {
        if (_part.IsOver)
            return;
        switch (what)
        {
            case Pause:
                _part.IsPaused = !_part.IsPaused;
                Conversation.SendCommand("pause", AmfValue.Of(_part.IsPaused), AmfValue.Of(0.0));
                PlanIn(_style.PauseMs, Pause);
                break;
            case Seek:
                if (!_part.IsSeeking)
                    SeekSomewhere();
                PlanIn(_style.SeekMs, Seek);
                break;
        }
    }

    protected override void OnEnded()
    {
        if (_part.Stream != Plan.Stream)
            base.OnEnded();                     // else it never began
    }

    private static bool IsIn(string folder, string name) =>
        name.StartsWith(folder, StringComparison.Ordinal)
        && name.EndsWith(Ending, StringComparison.Ordinal)
        && !name[folder.Length..].Contains('/');

    /// <summary>Mostly where there is something, now and then behind the end.</summary>
    private void SeekSomewhere()
    {
        var timeMs = (uint)Random.Next((int)Math.Min(_part.DurationMs, 1 << 20) + 1500);
        _part.Seek(timeMs);
        if (!World.Plants.Is(Plant.LosesSeek))
            Conversation.SendCommand("seek", AmfValue.Of((double)timeMs));
    }
}
