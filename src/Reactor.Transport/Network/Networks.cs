using System;
using System.Runtime.InteropServices;

namespace Reactor.Transport.Network;

/// <summary>Which network the loop lives on (<c>reactor.backend</c>).</summary>
public enum NetworkBackend
{
    /// <summary>The best that this machine has.</summary>
    Auto,

    /// <summary>Raw descriptors and epoll: 64-bit Linux.</summary>
    Epoll,

    /// <summary>System.Net.Sockets and select: everywhere, for some hundred connections.</summary>
    Select,
}

/// <summary>Opens the door to the real network.</summary>
public static class Networks
{
    /// <summary>
    /// Whether raw descriptors are to be had: our structures are those of x64 and arm64.
    /// </summary>
    private static bool HasEpoll => OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <exception cref="NetworkException">This machine does not have that backend.</exception>
    public static INetwork Open(NetworkBackend backend) => backend switch
    {
        NetworkBackend.Epoll when !HasEpoll =>
            throw new NetworkException("backend epoll: only on Linux, x64 or arm64"),
        NetworkBackend.Auto when !HasEpoll => new PortableNetwork(),
        NetworkBackend.Select => new PortableNetwork(),
        _ => new LinuxNetwork(),
    };
}
