using System;

namespace Reactor.Testing.Simulation;

/// <summary>The clock as the server has it: whoever asks for the date may meet a fault.</summary>
internal sealed class ServerTime(SimulatedTime time, Mishaps mishaps) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow()
    {
        mishaps.OnDate();
        return time.GetUtcNow();
    }
}
