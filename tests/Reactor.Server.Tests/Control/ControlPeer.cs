using System;
using System.Text.Json;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Control;

/// <summary>Asks the control listener, each time by a connection of its own.</summary>
internal sealed class ControlPeer(ServerInMemory server)
{
    public const int Port = 8090;

    public Answered Ask(string path, string method = "GET", string headers = "Host: localhost\n")
    {
        using var http = new HttpPeer(server, Port);
        http.Say($"{method} {path} HTTP/1.1\n{headers}\n");
        http.Turns(4, eachMs: 0);
        return http.Answers.Count == 1
            ? http.Last
            : throw new InvalidOperationException($"{http.Answers.Count} answers to {path}");
    }

    public JsonElement Json(string path, string method = "GET")
    {
        using var document = JsonDocument.Parse(Ask(path, method).Text);
        return document.RootElement.Clone();
    }
}
