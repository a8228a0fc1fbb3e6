using System;
using Reactor.Server;

namespace Reactor.Testing.Simulation;

/// <summary>Behind which door a fault of ours shows.</summary>
public enum Mishap
{
    /// <summary>In the handling of somebody's connection.</summary>
    Connection,

    /// <summary>Where the date is asked for: segments, what hears of streams, upkeep, answers.
    /// </summary>
    Date,

    /// <summary>In work of the disk.</summary>
    Disk,
}

/// <summary>Faults of ours: a door throws what nobody expects of it.</summary>
/// <remarks>
/// A fault ends its owner: it is counted, it is reported, and it costs one connection at most. All
/// other sentences hold as ever, so that whoever else notices it is found by them.
/// </remarks>
public sealed class Mishaps(World world)
{
    /// <summary>What happens on another thread is told of by mail.</summary>
    private const int ToldUsMax = 5_000_000;

    private ReactorServer? _server;
    private Mishap? _armed;
    private long _counted;
    private long _uncounted;
    private long _unreported;
    private long _dueUs;
    private long _dateUs = -1;
    private int _costs;

    /// <summary>Faults that were thrown in this process.</summary>
    public int Thrown { get; private set; }

    /// <summary>When the last one was.</summary>
    public long LastUs { get; private set; }

    /// <summary>By when the server was told of it.</summary>
    public long ToldUs => _dueUs;

    /// <summary>Whether anything that is not on a connection may have been lost.</summary>
    public bool HaveStruck { get; private set; }

    /// <summary>The next call behind this door throws.</summary>
    public void Arm(Mishap what)
    {
        Look(world.Server);
        _armed = what;
        FaultReports.Listen();
    }

    /// <summary>No call throws any more.</summary>
    public void Disarm() => _armed = null;

    /// <summary>A call of a socket of the server's.</summary>
    /// <param name="id">Its connection's number.</param>
    public void OnSocket(int id)
    {
        if (_armed != Mishap.Connection || id > world.Peers.Count)
            return;                             // a relay's, or to somebody else's server
        world.Peers[id - 1].Excused("of a fault of ours");
        Throw(toldUs: 0);
    }

    /// <summary>The server asks for the date.</summary>
    public void OnDate()
    {
        if (_armed != Mishap.Date)
            return;
        _dateUs = world.Time.NowUs;
        Strike(toldUs: 0);
    }

    /// <summary>The disk works for the server.</summary>
    public void OnDisk()
    {
        if (_armed == Mishap.Disk)
            Strike(ToldUsMax);
    }

    /// <summary>Whether it may have been a fault that ended a connection: each ends one.</summary>
    public bool MayHaveEnded() => _costs > 0 && _costs-- > 0;

    /// <summary>
    /// Whether it may have been a fault that ended the HLS of a stream: its segments ask for the
    /// date, and the output goes with all that its playlist named.
    /// </summary>
    public bool MayHaveEndedHls(long sinceUs) => sinceUs <= _dateUs;

    /// <summary>A fault is counted and reported in the turn in which it shows.</summary>
    public void AfterTurn(ReactorServer server)
    {
        if (_server is null)
            return;                             // there are none in this world
        Look(server);
        var counted = server.Loop.Faults - _counted;
        _counted += counted;
        var reported = world.Plants.Is(Plant.LosesReport) ? 0 : FaultReports.Take();
        _uncounted = Math.Max(0, _uncounted - counted);
        _unreported = Math.Max(0, _unreported - reported);
        if (world.Time.NowUs < _dueUs)
            return;
        if (_uncounted > 0)
            world.Checks.Fail("a fault of ours is counted", $"{_uncounted} of {Thrown} not");
        if (_unreported > 0)
            world.Checks.Fail("a fault of ours is reported", $"{_unreported} of {Thrown} not");
    }

    /// <summary>Another process has had none.</summary>
    private void Look(ReactorServer server)
    {
        if (_server == server)
            return;
        _server = server;
        _counted = server.Loop.Faults;
        _uncounted = _unreported = Thrown = _costs = 0;
    }

    /// <summary>Nobody here knows whose fault it is.</summary>
    private void Strike(long toldUs)
    {
        _costs++;
        HaveStruck = true;
        Throw(toldUs);
    }

    private void Throw(long toldUs)
    {
        _armed = null;
        Thrown++;
        LastUs = world.Time.NowUs;
        _uncounted++;
        _unreported++;
        _dueUs = Math.Max(_dueUs, world.Time.NowUs + toldUs);   // one may be on its way
        world.Trace.Note(TraceKind.Fault, 0, Thrown, "a fault of ours");
        world.Network.Spread();
        if (!world.Plants.Is(Plant.SwallowsFault))
            throw new MishapException();
    }
}
