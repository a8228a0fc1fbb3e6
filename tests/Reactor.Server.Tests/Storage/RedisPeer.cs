using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Protocol.Redis;
using Reactor.Testing;

namespace Reactor.Server.Tests.Storage;

/// <summary>A Redis server in memory that answers when, and what, a test wants.</summary>
internal sealed class RedisPeer(MemoryNetwork network)
{
    private readonly Dictionary<string, string> _values = [];
    private MemorySocket? _socket;
    private RespReader _reader = new(new RespLimits());

    /// <summary>Commands that were not answered.</summary>
    public List<string[]> Waiting { get; } = [];

    /// <summary>Whether commands are answered as they come; the greeting always is.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>Sets a value.</summary>
    public void Set(string name, string value) => _values[name] = value;

    /// <summary>Takes what the server has asked, and answers.</summary>
    public void Turn()
    {
        if (network.Called.LastOrDefault() is not { } socket)
            return;
        if (socket != _socket)
            _reader = new RespReader(new RespLimits());
        _socket = socket;
        ReadOnlySpan<byte> input = socket.Sent.ToArray();
        socket.Sent.Clear();
        while (_reader.TryRead(ref input, out var command))
            Waiting.Add([.. command.Items.Select(item => item.Text)]);
        while (Waiting.Count > 0 && (Answers || Waiting[0][0] is "PING" or "AUTH"))
            AnswerNext();
    }

    /// <summary>Answers the oldest command.</summary>
    public void AnswerNext()
    {
        var command = Waiting[0];
        Waiting.RemoveAt(0);
        Reply(command[0] switch
        {
            "GET" when _values.TryGetValue(command[1], out var value) =>
                $"${value.Length}\r\n{value}\r\n",
            "GET" => "$-1\r\n",
            _ => "+OK\r\n",
        });
    }

    public void Reply(string text) => _socket!.Arrive(Encoding.UTF8.GetBytes(text));
}
