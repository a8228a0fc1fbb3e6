using System;
using System.Collections.Generic;
using System.IO;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;

namespace Reactor.Tests.Harness;

/// <summary>
/// One page of a browser, spoken to in the browser's own debugging protocol: a question, its
/// answer, and between them the events that came meanwhile.
/// </summary>
internal sealed class DevTools : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly Action<string, JsonNode> _onEvent;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _questions;

    /// <param name="address">The page's <c>webSocketDebuggerUrl</c>.</param>
    /// <param name="onEvent">Called with method and parameters, while an answer is awaited.</param>
    public DevTools(string address, Action<string, JsonNode> onEvent)
    {
        _onEvent = onEvent;
        using var patience = new CancellationTokenSource(Deadline);
        _socket.ConnectAsync(new Uri(address), patience.Token).GetAwaiter().GetResult();
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The browser refuses.</exception>
    public JsonNode Ask(string method, object? parameters = null)
    {
        using var patience = new CancellationTokenSource(Deadline);
        var id = Send(method, parameters, patience.Token);
        while (true)
        {
            var message = Receive(patience.Token);
            if ((int?)message["id"] != id)
                _onEvent((string)message["method"]!, message["params"]!);
            else if (message["error"] is { } error)
                throw new InvalidOperationException($"{method}: {error["message"]}");
            else
                return message["result"]!;
        }
    }

    /// <summary>Asks for something after which nobody is there to answer.</summary>
    public void Tell(string method)
    {
        using var patience = new CancellationTokenSource(Deadline);
        Send(method, null, patience.Token);
    }

    public void Dispose() => _socket.Dispose();

    private int Send(string method, object? parameters, CancellationToken patience)
    {
        var id = ++_questions;
        var question = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object?>
            {
                ["id"] = id,
                ["method"] = method,
                ["params"] = parameters ?? new object(),
            });
        _socket.SendAsync(question, WebSocketMessageType.Text, true, patience)
            .GetAwaiter().GetResult();
        return id;
    }

    private JsonNode Receive(CancellationToken patience)
    {
        using var message = new MemoryStream();
        while (true)
        {
            var part = _socket.ReceiveAsync(_buffer, patience).GetAwaiter().GetResult();
            message.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonNode.Parse(message.ToArray())!;
        }
    }
}
