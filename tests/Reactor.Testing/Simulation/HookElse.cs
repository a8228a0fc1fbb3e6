using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using System.Text.Json;
using Reactor.Protocol.Http;

namespace Reactor.Testing.Simulation;

/// <summary>Whoever is asked whether somebody may publish or play.</summary>
/// <remarks>The verdict follows from who asks for what, so it is known beforehand.</remarks>
public sealed class HookElse(World world, int seed) : SomebodyElse(world, Address, seed)
{
    public const string Url = "http://10.9.0.1:9000/hook";

    /// <summary>What has another name where names are changed, and that name.</summary>
    public const string Published = "live/a";

    public const string Renamed = "live/x";

    private const uint RefusedOneIn = 5;
    private const int WrongOneIn = 2;
    private const string Error = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";
    private const string NoVerdict = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\noops";
    private static readonly IPEndPoint Address = new(IPAddress.Parse("10.9.0.1"), 9000);
    private readonly HashSet<string> _allowed = [];
    private readonly Dictionary<string, string> _renames = [];

    /// <summary>Questions that were heard.</summary>
    public int Asked { get; private set; }

    /// <summary>What is published by one name is played by another from now on.</summary>
    public void Rename(string published, string shown)
    {
        _renames.Add(published, shown[(shown.LastIndexOf('/') + 1)..]);
        World.Ledger.Rename(published, shown);
    }

    /// <summary>Whether one may, if the hook is heard.</summary>
    public bool Allows(Part part) => Allows(part, part.Stream);

    /// <summary>Whether one may who is moved to another stream.</summary>
    public bool Allows(Part part, string stream) => Allows(QuestionOf(part, stream));

    /// <summary>Whether a viewer may, who plays no part.</summary>
    public bool Allows(HlsPeer viewer) =>
        Allows($"on_play {World.AddressOf(viewer.Id)} {viewer.Plan.Stream}");

    /// <summary>Whether it has said that one may, be it that nobody heard it.</summary>
    public bool HasAllowed(Part part) => _allowed.Contains(QuestionOf(part, part.Stream));

    protected override int Hear(Visit visit, ReadOnlySpan<byte> bytes)
    {
        using var reader = new HttpRequestReader(World.PeerPool, new HttpLimits());
        var rest = bytes;
        if (!reader.TryRead(ref rest, out var request))
            return 0;
        using (request)
            Answer(visit, request);
        return bytes.Length - rest.Length;
    }

    private static string QuestionOf(Part part, string stream)
    {
        var action = part is PublishPart ? "on_publish" : "on_play";
        return $"{action} {World.AddressOf(part.Owner.Id)} {stream}";
    }

    private bool Allows(string question) =>
        Frames.Hash(Encoding.ASCII.GetBytes($"{World.Seed} {question}")) % RefusedOneIn != 0;

    private void Answer(Visit visit, HttpRequest request)
    {
        Asked++;
        var json = new Utf8JsonReader(request.Body);
        using var document = JsonDocument.ParseValue(ref json);
        string Of(string name) => document.RootElement.GetProperty(name).GetString()!;
        var question = $"{Of("action")} {Of("ip")} {Of("app")}/{Of("stream")}";
        if (IsWrong(visit, WrongOneIn, Error, NoVerdict, "hello\r\n\r\n"))
            return;                             // the next try may get an answer
        var isAllowed = Allows(question) || World.Plants.Is(Plant.FlipsVerdict);
        if (isAllowed)
            _allowed.Add(question);
        var newName = Of("action") == "on_publish" && !World.Plants.Is(Plant.ForgetsRename)
            ? _renames.GetValueOrDefault($"{Of("app")}/{Of("stream")}")
            : null;
        var answer = isAllowed && newName is not null
            ? $"302 Found\r\nLocation: {newName}\r\nContent-Length: 0\r\n\r\n"
            : isAllowed ? "200 OK\r\nContent-Length: 1\r\n\r\n0"
            : Random.Next(2) == 0 ? "403 Forbidden\r\nContent-Length: 0\r\n\r\n"
            : "200 OK\r\nContent-Length: 11\r\n\r\n{\"code\": 1}";
        visit.Say(Encoding.ASCII.GetBytes("HTTP/1.1 " + answer), isLast: Random.Next(2) == 0);
    }
}
