namespace Reactor.Server.Configuration;

/// <summary>How a program is told to end.</summary>
public enum KillSignal
{
    Term,
    Int,
    Quit,
    Kill,
}
