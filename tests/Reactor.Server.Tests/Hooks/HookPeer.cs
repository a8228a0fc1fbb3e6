using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Http;
using Reactor.Testing;

namespace Reactor.Server.Tests.Hooks;

/// <summary>One question that a hook was asked.</summary>
internal sealed record Asked(
    MemorySocket Socket, string Path, string ContentType, string Body, string? Signature,
    string? Authorization);

/// <summary>A hook's HTTP server in memory that answers when, and what, a test wants.</summary>
internal sealed class HookPeer(ServerInMemory server) : IDisposable
{
    private readonly PacketPool _pool = new();
    private readonly Dictionary<MemorySocket, HttpRequestReader> _readers = [];

    /// <summary>What was asked, in order.</summary>
    public List<Asked> Asked { get; } = [];

    public Asked Last => Asked[^1];

    /// <summary>What is answered at once, by the path; null to let it wait.</summary>
    public Func<Asked, string?> Answers { get; set; } = _ => Ok();

    public static string Ok(string body = "0") =>
        $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    public static string Status(int status, string headers = "") =>
        $"HTTP/1.1 {status} X\r\n{headers}Content-Length: 0\r\n\r\n";

    /// <summary>Turns of the server, after each of which the hook reads and answers.</summary>
    public void Turns(int count, int eachMs = 0)
    {
        for (var i = 0; i < count; i++)
        {
            server.Turn(eachMs);
            Turn();
        }
    }

    public static void Reply(Asked asked, string answer)
    {
        asked.Socket.Arrive(Encoding.UTF8.GetBytes(answer));
        asked.Socket.Leave();
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values)
            reader.Dispose();
    }

    private void Turn()
    {
        foreach (var socket in server.Network.Called.ToList())
        {
            if (!_readers.TryGetValue(socket, out var reader))
                _readers.Add(socket, reader = new HttpRequestReader(_pool, new HttpLimits()));
            ReadOnlySpan<byte> input = socket.Sent.ToArray();
            socket.Sent.Clear();
            if (reader.TryRead(ref input, out var request))
                Take(socket, request);
        }
    }

    private void Take(MemorySocket socket, HttpRequest request)
    {
        var asked = new Asked(
            socket, request.Path, request.Headers["Content-Type"]!,
            Encoding.UTF8.GetString(request.Body), request.Headers["X-Reactor-Signature"],
            request.Headers["Authorization"]);
        request.Dispose();
        Asked.Add(asked);
        if (Answers(asked) is { } answer)
            Reply(asked, answer);
    }
}
