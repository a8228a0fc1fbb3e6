using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Server.Configuration;
using Reactor.Testing;
using Reactor.Testing.Simulation;
using Reactor.Transport;

namespace Reactor.Server.Tests;

/// <summary>The whole server in memory, with peers that speak RTMP to it.</summary>
internal sealed class ServerInMemory : IDisposable
{
    private readonly List<Peer> _peers = [];

    public ServerInMemory(
        PlayOptions? play = null,
        PublishOptions? publish = null,
        ServerOptions? options = null,
        bool takesCalls = false,
        Action<SimulatedDisk>? disk = null,
        Func<Mailbox, IWorkQueue>? work = null)
    {
        options ??= new ServerOptions();
        Network.TakesCalls = takesCalls;
        Disk = new SimulatedDisk(new Random(1), Time);
        disk?.Invoke(Disk);
        Server = new ReactorServer(
            options with
            {
                Defaults = options.Defaults with
                {
                    Play = play ?? options.Defaults.Play,
                    Publish = publish ?? options.Defaults.Publish,
                },
            },
            new Doors
            {
                Network = Network,
                Time = Time,
                Seed = 1,
                Work = work ?? (mailbox => new InlineWork(mailbox)),
                Resolver = mailbox => Resolver = new ScriptedResolver(mailbox),
                Programs = mailbox => Programs = new ScriptedPrograms(mailbox),
                Disk = Disk,
            });
        Server.Start();
    }

    public MemoryNetwork Network { get; } = new();

    public ManualTime Time { get; } = new();

    public SimulatedDisk Disk { get; }

    public ScriptedResolver Resolver { get; private set; } = null!;

    public ScriptedPrograms Programs { get; private set; } = null!;

    public ReactorServer Server { get; }

    public PacketPool Pool => Server.Loop.Pool;

    /// <summary>Messages that the only live stream was published so far.</summary>
    public long FramesIn => Server.Hub.Streams.Single().FramesIn;

    /// <summary>A publisher that was accepted.</summary>
    public Peer Publish(string name = "a") => Begin(new Peer(this, name, publishes: true));

    /// <summary>A player that was accepted.</summary>
    public Peer Play(string name = "a") => Begin(new Peer(this, name, publishes: false));

    /// <summary>A peer that has only just begun to greet.</summary>
    public Peer Visit(string name, bool publishes)
    {
        var peer = new Peer(this, name, publishes);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>One turn, after so much time; then everybody reads.</summary>
    public void Turn(int afterMs = 0)
    {
        Time.Advance(afterMs);
        Server.Loop.RunOnce();
        foreach (var peer in _peers)
            peer.Read();
    }

    public void Turns(int count, int eachMs = 0)
    {
        for (var i = 0; i < count; i++)
            Turn(eachMs);
    }

    /// <summary>Somebody publishes a film, second by second.</summary>
    /// <param name="publisher">Was accepted.</param>
    /// <param name="seconds">So long.</param>
    /// <param name="from">Where it goes on, in seconds; headers are sent in the beginning.</param>
    /// <param name="keyBytes">How large a keyframe is, of which each second has one.</param>
    public void Film(Peer publisher, int seconds, int from = 0, int keyBytes = 5000)
    {
        if (from == 0)
            publisher.Headers();
        for (var i = from * 25; i < (from + seconds) * 25; i++)
        {
            publisher.Film(i, keyBytes);
            Turn(40);
        }
    }

    /// <summary>Ends all, and tells what is left of it.</summary>
    public string[] LeftAfterStop()
    {
        Server.StopNow();
        Server.Loop.RunOnce();
        for (var i = 0; i < 5 && !Server.IsStopped; i++)
        {
            Time.Advance(20);                   // what was asked of the disk is answered
            Server.Loop.RunOnce();
        }
        var left = new (string What, int Count)[]
        {
            ("packets", Pool.Outstanding),
            ("jobs", Server.Work.Outstanding),
            ("file operations", Server.Files.Outstanding),
            ("open files", Server.Files.OpenFiles + Disk.Opened),
            ("programs", Server.ProgramCount + Programs.Outstanding),
            ("timers", Server.Loop.Timers.Count),
            ("watched", Network.Watched),
            ("connections", Server.ConnectionCount),
            ("players", Server.AudienceCount),
            ("publishers", Server.PublisherCount),
            ("streams", Server.Hub.Count),
        };
        return [.. left.Where(item => item.Count != 0).Select(i => $"{i.Count} {i.What}")];
    }

    public void Dispose() => Server.Dispose();

    private Peer Begin(Peer peer)
    {
        _peers.Add(peer);
        for (var i = 0; i < 20 && !peer.IsStarted; i++)
            Turn();
        return peer.IsStarted ? peer : throw new InvalidOperationException(peer.Last);
    }
}
