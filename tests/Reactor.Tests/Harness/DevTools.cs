using System;
using System.Collections.Generic;
using System.IO;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;

namespace Reactor.Tests.Harness;

/// <summary>
/// A browser, and then a page of it, spoken to in the browser's own debugging protocol: a question,
/// its answer, and between them the events that came meanwhile.
/// </summary>
internal sealed class DevTools : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Action<string, JsonNode> _onEvent;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _questions;
    private string? _context;
    private string? _session;           // of the page; while there is none, the browser is asked

    /// <param name="address">The browser's, as it says when it starts.</param>
    /// <param name="onEvent">Called with method and parameters, while an answer is awaited.</param>
    public DevTools(string address, Action<string, JsonNode> onEvent)
    {
        _onEvent = onEvent;
        using var patience = new CancellationTokenSource(Patience.Long);
        _socket.ConnectAsync(new Uri(address), patience.Token).GetAwaiter().GetResult();
    }

    /// <summary>Opens an empty page, which is asked from now on, apart from all others.</summary>
    public void Open()
    {
        _context = (string?)Ask(
            "Target.createBrowserContext", new { disposeOnDetach = true })["browserContextId"];
        var target = (string?)Ask(
            "Target.createTarget", new { url = "about:blank", browserContextId = _context })
            ["targetId"];
        _session = (string?)Ask(
            "Target.attachToTarget", new { targetId = target, flatten = true })["sessionId"];
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The browser refuses, or has died.</exception>
    public JsonNode Ask(string method, object? parameters = null)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        try
        {
            return AnswerTo(Send(method, parameters, patience.Token), method, patience.Token);
        }
        catch (WebSocketException gone)
        {
            throw new InvalidOperationException($"{method}: the browser has died", gone);
        }
    }

    /// <summary>The page goes, and what was kept for it; without a farewell if need be.</summary>
    public void Dispose()
    {
        _session = null;
        if (_context is not null && _socket.State == WebSocketState.Open)
            Ask("Target.disposeBrowserContext", new { browserContextId = _context });
        _socket.Dispose();
    }

    private JsonNode AnswerTo(int id, string method, CancellationToken patience)
    {
        while (true)
        {
            var message = Receive(patience);
            if ((int?)message["id"] != id)
                _onEvent((string)message["method"]!, message["params"]!);
            else if (message["error"] is { } error)
                throw new InvalidOperationException($"{method}: {error["message"]}");
            else
                return message["result"]!;
        }
    }

    private int Send(string method, object? parameters, CancellationToken patience)
    {
        var id = ++_questions;
        var question = new Dictionary<string, object?>
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters ?? new object(),
        };
        if (_session is not null)
            question["sessionId"] = _session;
        var text = JsonSerializer.SerializeToUtf8Bytes(question);
        _socket.SendAsync(text, WebSocketMessageType.Text, true, patience)
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
