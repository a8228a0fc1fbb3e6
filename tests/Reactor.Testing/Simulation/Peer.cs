using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Transport.Network;

namespace Reactor.Testing.Simulation;

/// <summary>Somebody at the other end of a simulated connection.</summary>
/// <remarks>
/// A peer is called when its socket stirs or when it planned something, reads and writes
/// what it likes, and is asked in the end whether it knows why its connection ended.
/// </remarks>
public abstract class Peer(World world, int id, PeerPlan plan) : IHappening
{
    /// <summary>The first number for what a derived peer plans.</summary>
    protected const int OwnPlans = 10;

    private const int Step = 0;
    private const int Start = 1;
    private const int MeetFate = 2;
    private const int Eat = 3;
    private readonly ByteQueue _out = new();
    private readonly Mouth _mouth = new(plan.Playing);
    private bool _isStepPlanned;
    private bool _isMealPlanned;
    private bool _closesWhenSent;

    public int Id => id;

    public PeerPlan Plan => plan;

    public SimulatedSocket? Socket { get; private set; }

    /// <summary>Why the server may end all that it does; null while there is no reason.</summary>
    public string? Excuse { get; private set; }

    /// <summary>Why the server may end the connection: its parts may have reasons too.</summary>
    public virtual string? ReasonToEnd => Excuse;

    /// <summary>What it publishes and plays, now or by its plan.</summary>
    public virtual IReadOnlyList<Part> Parts => [];

    /// <summary>Whether the connection is over, from whichever side.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it was the server who ended it.</summary>
    public bool WasEnded { get; private set; }

    /// <summary>When it ended, in simulated seconds.</summary>
    public double EndedAt { get; private set; }

    /// <summary>Bytes that came.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>When it connected.</summary>
    public long StartedUs { get; private set; }

    public bool IsConnected => Socket is not null && !HasEnded;

    /// <summary>Whether it is connected, and would hear the connection's end.</summary>
    public bool IsHeard => IsConnected && !Socket!.IsDead && !IsDeaf && _mouth.Hunger(
        Time.NowUs - StartedUs, HasStarted) == int.MaxValue && plan.Quality.BytesPerSecond == 0;

    protected World World => world;

    protected SimulatedTime Time => world.Time;

    protected Random Random { get; } = new(plan.Seed);

    /// <summary>Bytes that wait for the link.</summary>
    public int Unsent => _out.Count;

    /// <summary>Whether it reads nothing at all.</summary>
    protected virtual bool IsDeaf => false;

    /// <summary>Where it connects from.</summary>
    protected virtual IPAddress From => World.AddressOf(id);

    /// <summary>Where it connects to.</summary>
    protected virtual string Host => "10.0.0.1";

    protected virtual int Port => 1935;

    /// <summary>Whether it has got what it came for; until then nobody is slow.</summary>
    protected virtual bool HasStarted => false;

    /// <summary>Plans the connection.</summary>
    public void Arrange()
    {
        Time.Plan(Time.NowUs + (plan.StartMs * 1000L), this, Start);
        if (plan.Fate != Fate.Stays)
            Time.Plan(Time.NowUs + ((plan.StartMs + plan.FateMs) * 1000L), this, MeetFate);
    }

    public void Happen(int what)
    {
        switch (what)
        {
            case Start:
                Connect();
                break;
            case Step:
                _isStepPlanned = false;
                Move();
                break;
            case MeetFate when IsConnected:
                Meet(plan.Fate);
                break;
            case Eat when IsConnected:
                _isMealPlanned = false;
                _mouth.BeginMeal();
                Move();
                break;
            case >= OwnPlans when IsConnected:
                OnPlanned(what);
                Flush();
                break;
        }
    }

    /// <summary>What is to be known of it when its connection ends from the other side.</summary>
    public void Excused(string why) => Excuse ??= why;

    /// <summary>Does now what the plan may have for later.</summary>
    public void Meet(Fate fate)
    {
        Excused($"it {fate}");
        switch (fate)
        {
            case Fate.Leaves:
                OnLeaving();
                _closesWhenSent = true;
                Flush();
                break;
            case Fate.HalfCloses:
                Socket!.EndSending();
                OnGone();
                break;
            case Fate.Closes:
                Hang(isReset: false);
                break;
            case Fate.Breaks:
                Hang(isReset: true);
                break;
            case Fate.FallsSilent:
                Socket!.Die();
                OnGone();
                break;
        }
    }

    public override string ToString() => $"#{id} {plan.Kind} of {plan.Stream}";

    protected abstract void OnConnected();

    protected abstract void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>It will send no more, whatever happens.</summary>
    protected virtual void OnGone()
    {
    }

    protected virtual void OnLeaving()
    {
    }

    protected virtual void OnPlanned(int what)
    {
    }

    /// <summary>The last moment, for whatever has to be released.</summary>
    protected virtual void OnEnded()
    {
    }

    protected void Send(ReadOnlySpan<byte> bytes) => _out.Write(bytes);

    protected void PlanIn(long delayMs, int what) =>
        Time.Plan(Time.NowUs + (delayMs * 1000), this, what);

    /// <summary>Hangs up.</summary>
    protected void Hang(bool isReset)
    {
        if (!IsConnected)
            return;
        if (isReset)
            Socket!.Abort();
        else
            Socket!.Dispose();
        End(byServer: false);
    }

    internal void Flush()
    {
        if (IsConnected && _out.Count > 0 && Socket!.IsBroken)
        {
            Socket.Dispose();
            End(byServer: true);                // also who never reads learns it by writing
        }
        while (IsConnected && _out.Count > 0 && Socket!.Free > 0)
        {
            var taken = Socket.Write(_out.Peek(Socket.Free));
            if (taken == 0)
                break;
            _out.Skip(taken);
        }
        if (_closesWhenSent && _out.Count == 0)
            Hang(isReset: false);
    }

    private void Connect()
    {
        var from = new IPEndPoint(From, world.Network.NextPort());
        var to = new IPEndPoint(IPAddress.Parse(Host), Port);
        StartedUs = Time.NowUs;
        Socket = world.Network.Connect(from, to, plan.Quality, id);
        Socket.Stirred = PlanStep;
        OnConnected();
        Flush();
    }

    private void PlanStep()
    {
        if (_isStepPlanned || HasEnded)
            return;
        _isStepPlanned = true;
        Time.Plan(Time.NowUs + 1, this, Step);
    }

    private void Move()
    {
        Flush();
        var buffer = world.PeerBuffer;
        while (IsConnected && Hunger() is > 0 and var hunger)
        {
            var result = Socket!.Receive(buffer.AsSpan(0, Math.Min(buffer.Length, hunger)));
            if (result.Status == IoStatus.WouldBlock)
                break;
            if (result.Status != IoStatus.Done)
            {
                Socket.Dispose();
                End(byServer: true);
                return;
            }
            BytesReceived += result.Bytes;
            _mouth.Eat(result.Bytes);
            OnReceived(buffer.AsSpan(0, result.Bytes));
        }
        Flush();
    }

    private int Hunger()
    {
        if (IsDeaf)
            return 0;
        if (_mouth.IsSlow && HasStarted && !_isMealPlanned)
        {
            _isMealPlanned = true;
            PlanIn(Mouth.MealMs, Eat);
        }
        return _mouth.Hunger(Time.NowUs - StartedUs, HasStarted);
    }

    private void End(bool byServer)
    {
        HasEnded = true;
        WasEnded = byServer;
        EndedAt = Time.NowSeconds;
        world.Trace.Note(TraceKind.Ended, id, byServer ? 1 : 0, ReasonToEnd ?? "");
        _out.Clear();
        OnGone();
        OnEnded();
        if (byServer)
            world.Checks.OnEnded(this);
    }
}
