using System;
using Reactor.Primitives;
using Reactor.Protocol.Redis;

namespace Reactor.Server.Storage;

/// <summary>What became of a command.</summary>
/// <param name="Value">The server's answer; Null when there is none, or it is an error.</param>
/// <param name="Trouble">
/// Empty when all is well; else the server's error, or why there is no answer.
/// </param>
public readonly record struct RedisAnswer(RespValue Value, string Trouble)
{
    public bool IsGood => Trouble.Length == 0;
}

/// <summary>A command on its way: answered exactly once, unless it is forgotten before.</summary>
public sealed class RedisCall
{
    private Action<RedisAnswer>? _done;
    private Packet? _command;

    internal RedisCall(Packet command, Action<RedisAnswer> done)
    {
        _command = command;
        _done = done;
    }

    /// <summary>When the answer has to be there, once it was sent; on the loop's clock.</summary>
    internal long DeadlineMs { get; set; }

    /// <summary>
    /// Whoever asked is gone: the answer keeps its place in the line, and is dropped.
    /// </summary>
    public void Forget() => _done = null;

    internal void Answer(RespValue value)
    {
        var trouble = value.IsError ? value.Text : "";
        End(new RedisAnswer(value.IsError ? RespValue.Null : value, trouble));
    }

    internal void Fail(string trouble) => End(new RedisAnswer(RespValue.Null, trouble));

    /// <summary>Gives the command away, to whoever sends it.</summary>
    internal Packet Take()
    {
        Invariant.Holds(_command is not null);
        var command = _command;
        _command = null;
        return command;
    }

    private void End(RedisAnswer answer)
    {
        _command?.Release();
        _command = null;
        var done = _done;
        _done = null;
        done?.Invoke(answer);
    }
}
