using System;
using System.Security.Cryptography;
using Reactor.Server.Exec;
using Reactor.Server.Storage;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server;

/// <summary>The doors by which all that is not determined enters the server.</summary>
/// <remarks>Behind them is the machine, or a simulated world: the server is the same.</remarks>
public sealed record Doors
{
    /// <summary>Sockets, and the poller that watches them.</summary>
    public required INetwork Network { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>From it follows all luck there is.</summary>
    public required int Seed { get; init; }

    /// <summary>
    /// Fills with bytes that nobody can guess, for keys: what follows from a seed can be guessed.
    /// </summary>
    public Action<byte[]> Secrets { get; init; } = bytes => RandomNumberGenerator.Fill(bytes);

    /// <summary>Makes the queue of work that may block; its ends come to this mailbox.</summary>
    public required Func<Mailbox, IWorkQueue> Work { get; init; }

    /// <summary>Makes what asks name servers; their answers come to this mailbox.</summary>
    public required Func<Mailbox, IResolver> Resolver { get; init; }

    /// <summary>Makes what starts other programs; news of them comes to this mailbox.</summary>
    public required Func<Mailbox, IPrograms> Programs { get; init; }

    /// <summary>The disk, which blocks: the server goes to it by its work queue alone.</summary>
    public required IDisk Disk { get; init; }
}
