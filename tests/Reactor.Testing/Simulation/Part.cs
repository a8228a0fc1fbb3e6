using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>One publish or play of a peer, from being asked for to its end.</summary>
/// <remarks>An RTMP connection may have several, each on a message stream (S1.7).</remarks>
public abstract class Part(World world, Peer owner, string stream)
{
    /// <summary>What play says of where it begins: no recording is wanted (S2.26).</summary>
    public const double LiveOnly = -1;

    private string? _excuse;

    public Peer Owner => owner;

    /// <summary>app/name.</summary>
    public string Stream { get; protected set; } = stream;

    /// <summary>Why the server may end it; null while it has no reason.</summary>
    public string? Excuse => _excuse ?? owner.Excuse;

    /// <summary>When it was asked for; 0 before.</summary>
    public long AskedUs { get; private set; }

    /// <summary>When publish or play was accepted, in simulated seconds; 0 before.</summary>
    public double StartedAt { get; private set; }

    /// <summary>Whether it ended, by its peer or by the server.</summary>
    public bool IsOver { get; private set; }

    public bool IsRunning => StartedAt > 0 && !IsOver;

    /// <summary>The codes of the statuses that came, in order.</summary>
    public List<string> Statuses { get; } = [];

    protected World World => world;

    protected SimulatedTime Time => world.Time;

    /// <summary>What is to be known of it when the server ends it.</summary>
    public void Excused(string why) => _excuse ??= why;

    public void Ask() => AskedUs = Time.NowUs;

    /// <summary>The server has accepted it.</summary>
    public virtual void Start()
    {
        StartedAt = Time.NowSeconds;
        world.Trace.Note(TraceKind.Started, owner.Id, 0, ToString());
        world.Checks.OnAdmitted(this);
    }

    /// <summary>The server says something about it.</summary>
    public virtual void Hear(string code, string description)
    {
        Statuses.Add(code);
        world.Trace.Note(TraceKind.Status, owner.Id, 0, $"{code} {description}");
        world.Checks.OnStatus(this, code, description);
    }

    public abstract override string ToString();

    /// <summary>It goes on no more, whoever has ended it.</summary>
    public void End()
    {
        if (IsOver)
            return;
        IsOver = true;
        OnEnded();
    }

    protected virtual void OnEnded()
    {
    }
}
