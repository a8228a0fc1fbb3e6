using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Reactor.Server.Configuration.Schema;

/// <summary>JSON with comments and trailing commas, into nodes that know their place.</summary>
internal ref struct ConfigParser
{
    // apps, name, streams, glob, play, key: six, and room for later.
    private const int DepthMax = 16;
    private static readonly JsonReaderOptions Json = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = DepthMax,
    };

    private readonly string _source;
    private readonly ReadOnlySpan<byte> _text;
    private readonly ConfigErrors _errors;
    private Utf8JsonReader _reader;
    private Place _here;
    private int _counted;

    private ConfigParser(string source, ReadOnlySpan<byte> text, ConfigErrors errors)
    {
        _source = source;
        _text = text;
        _errors = errors;
        _reader = new Utf8JsonReader(text, Json);
        _here = new Place(source, 1, 1);
    }

    /// <returns>Null when the text is no JSON; the error says where it ceases to be.</returns>
    public static ConfigNode? Parse(ConfigText file, ConfigErrors errors)
    {
        var text = file.Utf8.Span;
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(text))
        {
            errors.Add(new Place(file.Name), "", "the file is not UTF-8");
            return null;
        }
        var parser = new ConfigParser(file.Name, text, errors);
        try
        {
            parser.Next();
            var root = parser.ReadNode("");
            parser._reader.Read();          // nothing may follow
            return root;
        }
        catch (JsonException broken)
        {
            errors.Add(PlaceOf(broken, file.Name), "", SentenceOf(broken));
            return null;
        }
        catch (InvalidOperationException)   // half of a surrogate pair: "\ud800"
        {
            errors.Add(parser._here, "", "the string holds half a character");
            return null;
        }
    }

    private ConfigNode ReadNode(string path) => _reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(path),
        JsonTokenType.StartArray => ReadList(path),
        JsonTokenType.String => new ScalarNode(_here, Form.Quoted, _reader.GetString()!),
        _ => new ScalarNode(_here, Form.Plain, Encoding.UTF8.GetString(_reader.ValueSpan)),
    };

    private ObjectNode ReadObject(string path)
    {
        var start = _here;
        var lines = new Dictionary<string, int>();
        var members = new List<Member>();
        for (Next(); _reader.TokenType != JsonTokenType.EndObject; Next())
        {
            var name = _reader.GetString()!;
            var place = _here;
            var key = ConfigErrors.Path(path, name);
            Next();
            var value = ReadNode(key);
            if (lines.TryAdd(name, place.Line))
                members.Add(new Member(place, name, value));
            else
                _errors.Add(place, key, $"given twice; first in line {lines[name]}");
        }
        return new ObjectNode(start, members);
    }

    private ListNode ReadList(string path)
    {
        var start = _here;
        var items = new List<ConfigNode>();
        for (Next(); _reader.TokenType != JsonTokenType.EndArray; Next())
            items.Add(ReadNode(path));
        return new ListNode(start, items);
    }

    // The reader throws at the end of the text, so a token is there afterwards.
    private void Next()
    {
        _reader.Read();
        var (line, column) = (_here.Line, _here.Column);
        foreach (var octet in _text[_counted..(int)_reader.TokenStartIndex])
        {
            if (octet == '\n')
                (line, column) = (line + 1, 1);
            else if ((octet & 0xC0) != 0x80)    // what goes on a character counts no column
                column++;
        }
        _counted = (int)_reader.TokenStartIndex;
        _here = new Place(_source, line, column);
    }

    private static Place PlaceOf(JsonException broken, string source) => new(
        source, (int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1);

    /// <summary>The reader's own, but for two that speak of the reader.</summary>
    /// <remarks>The place is said before the sentence already.</remarks>
    private static string SentenceOf(JsonException broken)
    {
        var end = broken.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var sentence = end < 0 ? broken.Message : broken.Message[..end];
        if (sentence.Contains("isFinalBlock"))
            return "the file is empty: {} is the least that it holds";
        return sentence.StartsWith("Expected depth to be zero", StringComparison.Ordinal)
            ? "the file ends before all { and [ are closed"
            : sentence;
    }
}
