using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Server.Authorisation;

/// <summary>Addresses that have shown wrong keys too often: not heard for a while.</summary>
/// <remarks>
/// An IPv6 address counts as its network of 64 bits, which one customer has for himself.
/// Invariant: an address is known for one window at most, and no more than
/// <see cref="AddressesMax"/> are: those beyond are heard, for a flood of addresses must not
/// lock out everybody.
/// </remarks>
public sealed class FailedAttempts
{
    public const int WindowMs = 60_000;
    public const int AddressesMax = 65_536;

    private const int NetworkBytes = 8;

    private readonly Dictionary<IPAddress, (int Count, long SinceMs)> _failures = [];
    private readonly Queue<(IPAddress Address, long SinceMs)> _inOrder = new();

    /// <summary>Failures in a window that are forgiven; 0 for all.</summary>
    public int FailuresMax { get; set; } = 10;

    /// <summary>Addresses that have failed within the window.</summary>
    public int Known => _failures.Count;

    /// <summary>Attempts that were not heard.</summary>
    public long Blocked { get; private set; }

    /// <summary>Whether an address has failed too often; it counts who is turned away.</summary>
    public bool IsBlocked(IPAddress address, long nowMs)
    {
        Forget(nowMs);
        if (FailuresMax == 0 || !_failures.TryGetValue(KeyOf(address), out var known)
            || known.Count < FailuresMax)
        {
            return false;
        }
        Blocked++;
        return true;
    }

    /// <summary>Somebody there has shown a wrong key.</summary>
    public void Count(IPAddress address, long nowMs)
    {
        Forget(nowMs);
        var key = KeyOf(address);
        if (_failures.TryGetValue(key, out var known))
        {
            _failures[key] = (known.Count + 1, known.SinceMs);
        }
        else if (_failures.Count < AddressesMax)
        {
            _failures.Add(key, (1, nowMs));
            _inOrder.Enqueue((key, nowMs));
        }
    }

    private void Forget(long nowMs)
    {
        while (_inOrder.TryPeek(out var oldest) && nowMs - oldest.SinceMs >= WindowMs)
            _failures.Remove(_inOrder.Dequeue().Address);
    }

    private static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
