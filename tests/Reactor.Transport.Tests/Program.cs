using System;
using Reactor.Transport.Network;
using Reactor.Transport.Tests.Network;

namespace Reactor.Transport.Tests;

/// <summary>
/// Where <see cref="OwnProcess"/> begins: one test that would harm the host of all others.
/// </summary>
internal static class Program
{
    private const int Failed = 1;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [nameof(LinuxNetworkTests)]:
                return Run(new LinuxNetworkTests());
            case [nameof(PortableNetworkTests)]:
                return Run(new PortableNetworkTests());
            case [nameof(NetworkBackend.Epoll)]:
                return Run(new LoopbackTests(NetworkBackend.Epoll));
            case [nameof(NetworkBackend.Select)]:
                return Run(new LoopbackTests(NetworkBackend.Select));
            default:
                Console.Error.WriteLine("this is a process for single tests: use dotnet test");
                return Failed;
        }
    }

    private static int Run(NetworkContract fixture)
    {
        fixture.Open();
        fixture.TurnAwayInDrought(() => new Drought());
        fixture.Close();
        return OwnProcess.Passed;
    }

    private static int Run(LoopbackTests fixture)
    {
        fixture.Open();
        fixture.RecoverFromDrought();
        return OwnProcess.Passed;
    }
}
