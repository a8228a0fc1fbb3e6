using System;
using System.Text;
using System.Text.Json;
using Reactor.Protocol.Http;
using Reactor.Server.Configuration;

namespace Reactor.Server.Hooks;

/// <summary>What a hook has said.</summary>
/// <param name="IsAllowed">Whether it may go on.</param>
/// <param name="Why">Why not, in words for people.</param>
/// <param name="NewName">What the stream is to be called, or empty.</param>
/// <param name="IsAnswered">False where nobody has answered, and the configuration decides.</param>
internal readonly record struct HookAnswer(
    bool IsAllowed, string Why, string NewName = "", bool IsAnswered = true)
{
    private const int NameBytesMax = 256;

    public static HookAnswer None(string why) => new(false, why, IsAnswered: false);

    /// <summary>Reads an answer as SRS and nginx-rtmp do.</summary>
    /// <returns>
    /// 2xx allows, unless the JSON has a code that is not 0; 3xx renames; 4xx refuses; anything
    /// else is no answer.
    /// </returns>
    public static HookAnswer Of(HttpResponse response, HookFormat format) => response.Status switch
    {
        >= 200 and < 300 => format == HookFormat.Json ? OfCode(response.Body) : new(true, ""),
        >= 300 and < 400 => Renamed(response.Headers["Location"] ?? ""),
        >= 400 and < 500 => new(false, "the hook refuses"),
        _ => None($"the hook answered {response.Status}"),
    };

    /// <summary>Whether whoever was told of by on_update is ended.</summary>
    public bool EndsUpdated(HooksOptions hooks) =>
        IsAnswered ? !IsAllowed : hooks.NotifyUpdateStrict;

    /// <summary>A number, or an object with a code: 0 allows (SRS). Nothing allows, too.</summary>
    private static HookAnswer OfCode(ReadOnlySpan<byte> body)
    {
        var text = body.Trim(" \t\r\n"u8);
        if (text.IsEmpty)
            return new HookAnswer(true, "");
        try
        {
            var reader = new Utf8JsonReader(text);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                if (!root.TryGetProperty("code", out root))
                    return new HookAnswer(true, "");
            }
            return root.ValueKind == JsonValueKind.Number && root.TryGetInt64(out var code)
                ? new HookAnswer(code == 0, $"the hook refuses with code {code}")
                : None("the hook's code is no number");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {                                       // the latter of a name that is no Unicode
            return None("the hook's answer is no JSON");
        }
    }

    /// <summary>A name, or a URL whose last segment is one (nginx-rtmp redirects by URL).</summary>
    private static HookAnswer Renamed(string location)
    {
        var path = location.Split('?')[0].TrimEnd('/');
        var name = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        var isName = name.Length > 0
            && name is not ("." or "..")
            && Encoding.UTF8.GetByteCount(name) <= NameBytesMax
            && !name.AsSpan().ContainsAny('/', '\\', '\uFFFD')
            && !HasControl(name);
        return isName
            ? new HookAnswer(true, "", name)
            : None("the hook's Location names no stream");
    }

    private static bool HasControl(string name)
    {
        foreach (var letter in name)
        {
            if (char.IsControl(letter))
                return true;
        }
        return false;
    }
}
