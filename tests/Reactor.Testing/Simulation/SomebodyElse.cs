using System;
using System.Collections.Generic;
using System.Net;
using System.Text;

namespace Reactor.Testing.Simulation;

/// <summary>How it stands with a server that ours depends on.</summary>
public enum Mood
{
    Well,

    /// <summary>Answers, after a while.</summary>
    Slow,

    /// <summary>Answers when nobody waits any more.</summary>
    Late,

    /// <summary>Answers errors, nonsense, or hangs up.</summary>
    Wrong,

    /// <summary>Takes what it is told, and says nothing.</summary>
    Frozen,

    /// <summary>Is not there.</summary>
    Gone,
}

/// <summary>A server of somebody else's, which ours connects to: Redis, hooks.</summary>
/// <remarks>
/// What it is told it does at once, whatever its mood: only the answer is late, wrong or lost.
/// </remarks>
public abstract class SomebodyElse
{
    private const int QuickUsMax = 2000;
    private const int SlowUsMax = 700_000;
    private const int LateUsMin = 2_500_000;
    private const int LateUsMax = 6_000_000;
    private readonly List<Visit> _visits = [];
    private readonly IPEndPoint _at;

    protected SomebodyElse(World world, IPEndPoint at, int seed)
    {
        World = world;
        Random = new Random(seed);
        _at = at;
        ServeAlso(world);
    }

    /// <summary>A server in the same time connects to it as well, by the same address.</summary>
    public void ServeAlso(World world) => world.Network.Host(_at, Take);

    /// <summary>Since when it has been well; <see cref="long.MaxValue"/> while it is not.</summary>
    public long WellSinceUs { get; private set; }

    public Mood Mood { get; private set; }

    /// <summary>How often it said what breaks the protocol.</summary>
    public int Nonsense { get; private set; }

    protected World World { get; }

    protected Random Random { get; }

    /// <summary>It changes; what is not there hangs up on everybody.</summary>
    public void Turn(Mood mood)
    {
        World.Trace.Note(TraceKind.Fault, 0, (int)mood, $"{GetType().Name}: {mood}");
        Mood = mood;
        WellSinceUs = mood == Mood.Well ? World.Time.NowUs : long.MaxValue;
        foreach (var visit in new List<Visit>(_visits))
        {
            if (mood == Mood.Gone)
                visit.HangUp(isReset: true);
            else
                visit.Stir();
        }
    }

    /// <summary>Bytes came; those that are understood are taken from the front.</summary>
    /// <returns>How many.</returns>
    protected abstract int Hear(Visit visit, ReadOnlySpan<byte> bytes);

    /// <summary>Once in so many times, while it is wrong, something that is no answer.</summary>
    /// <returns>Whether it was wrong; then nothing was done.</returns>
    /// <param name="visit">Who asked.</param>
    /// <param name="oneIn">How rarely.</param>
    /// <param name="nonsense">What it may say; it may also hang up.</param>
    protected bool IsWrong(Visit visit, int oneIn, params ReadOnlySpan<string> nonsense)
    {
        if (Mood != Mood.Wrong || Random.Next(oneIn) != 0)
            return false;
        Nonsense++;
        var which = Random.Next(nonsense.Length + 1);
        if (which == nonsense.Length)
            visit.HangUp(isReset: true);
        else
            visit.Say(Encoding.Latin1.GetBytes(nonsense[which]));
        return true;
    }

    private bool Take(SimulatedSocket socket)
    {
        if (Mood == Mood.Gone)
            return false;
        _visits.Add(new Visit(this, socket));
        return true;
    }

    /// <summary>One connection of our server's.</summary>
    protected sealed class Visit : IHappening
    {
        private readonly SomebodyElse _host;
        private readonly SimulatedSocket _socket;
        private readonly ByteQueue _out = new();
        private readonly List<byte> _in = [];
        private long _lastUs;
        private bool _isPlanned;

        public Visit(SomebodyElse host, SimulatedSocket socket)
        {
            _host = host;
            _socket = socket;
            socket.Stirred = Stir;
            Stir();
        }

        private SimulatedTime Time => _host.World.Time;

        /// <summary>Answers in its turn, when the mood will have it.</summary>
        public void Say(byte[] bytes, bool isLast = false)
        {
            var delayUs = _host.Mood switch
            {
                Mood.Slow => _host.Random.Next(SlowUsMax),
                Mood.Late => _host.Random.Next(LateUsMin, LateUsMax),
                _ => _host.Random.Next(QuickUsMax),
            };
            _lastUs = Math.Max(_lastUs, Time.NowUs + delayUs);
            Time.Plan(_lastUs, () =>
            {
                _out.Write(bytes);
                Flush();
                if (isLast)
                    HangUp(isReset: false);
            });
        }

        public void HangUp(bool isReset)
        {
            _host._visits.Remove(this);
            if (isReset)
                _socket.Abort();
            else
                _socket.Dispose();
        }

        public void Happen(int what)
        {
            _isPlanned = false;
            if (_host.Mood == Mood.Frozen)
                return;                         // what comes is read once it thaws
            Flush();
            var buffer = _host.World.PeerBuffer;
            while (_socket.IsOpen)
            {
                var result = _socket.Receive(buffer);
                if (result.Status == Transport.Network.IoStatus.WouldBlock)
                    return;
                if (result.Status != Transport.Network.IoStatus.Done)
                {
                    HangUp(isReset: false);
                    return;
                }
                _in.AddRange(buffer.AsSpan(0, result.Bytes));
                Understand();
            }
        }

        private void Understand()
        {
            while (_socket.IsOpen && _in.Count > 0)
            {
                var understood = _host.Hear(this, _in.ToArray());
                if (understood == 0)
                    return;
                _in.RemoveRange(0, understood);
            }
        }

        private void Flush()
        {
            while (_socket is { IsOpen: true, IsBroken: false, Free: > 0 } && _out.Count > 0)
                _out.Skip(_socket.Write(_out.Peek(_socket.Free)));
        }

        public void Stir()
        {
            if (_isPlanned)
                return;
            _isPlanned = true;
            Time.Plan(Time.NowUs + 1, this);
        }
    }
}
