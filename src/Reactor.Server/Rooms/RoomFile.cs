using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Reactor.Server.Rooms;

/// <summary>The file of rooms: <c>{"rooms": {"NAME": "KEY"}}</c>.</summary>
public static class RoomFile
{
    /// <summary>Of 100,000 rooms with long names.</summary>
    public const int BytesMax = 64 << 20;

    private static readonly JsonDocumentOptions Tolerant = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 4,
    };

    public static byte[] Write(IReadOnlyDictionary<string, string> keys)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("rooms");
        foreach (var (room, key) in keys)
            json.WriteString(room, key);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what was written, or what a person has made of it.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="into">Empty; takes the rooms.</param>
    /// <param name="why">What is wrong with it.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, MemoryRooms into, [NotNullWhen(false)] out string? why)
    {
        why = null;
        try
        {
            using var document = JsonDocument.Parse(bytes, Tolerant);
            foreach (var each in document.RootElement.GetProperty("rooms").EnumerateObject())
            {
                why ??= TryAdd(into, each.Name, each.Value.GetString() ?? "");
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException
            or KeyNotFoundException)
        {
            why = "it is not of the form {\"rooms\": {\"NAME\": \"KEY\"}}";
        }
        return why is null;
    }

    private static string? TryAdd(MemoryRooms into, string room, string key)
    {
        if (RoomName.Check(room) is { Length: > 0 } wrong)
            return $"{room}: {wrong}";
        if (!RoomName.IsKey(key))
            return $"{room}: a key has {RoomName.KeyLength} letters and digits";
        if (into.Keys.ContainsKey(room) || IsTaken(into, key))
            return $"{room}: the room or its key stands there twice";
        into.Add(room, key);
        return null;
    }

    private static bool IsTaken(MemoryRooms rooms, string key)
    {
        var isTaken = false;
        rooms.RoomOf(key, answer => isTaken = answer.Value is not null);
        return isTaken;
    }
}
