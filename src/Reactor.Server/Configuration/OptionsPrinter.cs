using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reactor.Server.Configuration.Schema;

namespace Reactor.Server.Configuration;

/// <summary>The configuration as text: for people, for editors, and for a later start.</summary>
public static class OptionsPrinter
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>Every key with its value; read again, it gives the same options.</summary>
    public static string Effective(ServerOptions options) => Print(options, annotated: false);

    /// <summary>Every key with its default, and what it means, as a file to begin with.</summary>
    public static string Default() => Print(new ServerOptions(), annotated: true);

    /// <summary>JSON Schema (draft 2020-12): an editor completes and checks by it.</summary>
    public static string Schema()
    {
        var schema = ServerOptions.Keys.Schema(new ServerOptions());
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Reactor configuration");
        schema["properties"]!["$schema"] = new JsonObject { ["type"] = "string" };

        var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Indented))
            schema.WriteTo(writer);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length) + "\n";
    }

    private static string Print(ServerOptions options, bool annotated)
    {
        var writer = new OptionsWriter(annotated);
        ServerOptions.Keys.Write("", options, writer);
        return writer.ToString();
    }
}
