using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Server;
using Reactor.Transport;

namespace Reactor.Testing;

/// <summary>Answers what the test wrote down, as mail, at once or when it is told to.</summary>
public sealed class ScriptedResolver(Mailbox mailbox) : IResolver
{
    private readonly Queue<Action> _held = new();

    /// <summary>Hosts that are known.</summary>
    public Dictionary<string, IPAddress[]> Hosts { get; } = [];

    /// <summary>What was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Whether answers are kept back until <see cref="AnswerAll"/>.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether no question is taken.</summary>
    public bool IsFull { get; set; }

    public bool IsDisposed { get; private set; }

    public bool TryResolve(string host, Action<IPAddress[], string> done)
    {
        if (IsFull)
            return false;
        Asked.Add(host);
        var found = Hosts.GetValueOrDefault(host, []);
        _held.Enqueue(() => done(found, found.Length > 0 ? "" : $"{host} is not known"));
        if (!IsSilent)
            AnswerAll();
        return true;
    }

    /// <summary>Gives the answers that were kept back.</summary>
    public void AnswerAll()
    {
        while (_held.TryDequeue(out var answer))
            mailbox.TryPost(answer);
    }

    public void Dispose() => IsDisposed = true;
}
