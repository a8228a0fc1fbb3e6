using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;

namespace Reactor.Server.Control;

/// <summary>
/// <c>/stat?format=json</c>: the same tree in the form of nginx-http-flv-module (A46).
/// </summary>
/// <remarks>
/// What may stand there several times is a list under the plural of its name, an element without
/// contents is true, and digits are a number unless they are somebody's words.
/// </remarks>
internal static class StatJson
{
    private static readonly HashSet<string> Lists = ["server", "application", "stream", "client"];

    private static readonly HashSet<string> Words =
    [
        "name", "address", "flashver", "codec", "profile", "level", "nginx_version",
        "nginx_rtmp_version",
    ];

    public static byte[] Of(XElement root)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WritePropertyName("http-flv");
        WriteObject(json, root);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteObject(Utf8JsonWriter json, XElement parent)
    {
        json.WriteStartObject();
        foreach (var group in parent.Elements().GroupBy(element => element.Name.LocalName))
        {
            if (Lists.Contains(group.Key))
                WriteList(json, $"{group.Key}s", group);
            else
                WriteValue(json, group.Key, group.First());
        }
        json.WriteEndObject();
    }

    private static void WriteList(
        Utf8JsonWriter json, string name, IEnumerable<XElement> elements)
    {
        json.WriteStartArray(name);
        foreach (var element in elements)
            WriteObject(json, element);
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, XElement element)
    {
        json.WritePropertyName(name);
        var isNumber = long.TryParse(
            element.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (element.HasElements)
            WriteObject(json, element);
        else if (Words.Contains(name))
            json.WriteStringValue(element.Value);
        else if (isNumber)
            json.WriteNumberValue(number);
        else
            json.WriteBooleanValue(true);
    }
}
