using System;
using System.Collections.Generic;
using System.Net;
using System.Text;

namespace Reactor.Testing.Simulation;

/// <summary>A Redis that knows the commands which rooms need.</summary>
public sealed class RedisElse(World world, int seed) : SomebodyElse(world, Address, seed)
{
    private const int WrongOneIn = 3;
    private const string Loading = "-LOADING Redis is loading the dataset in memory\r\n";
    private static readonly IPEndPoint Address = new(IPAddress.Loopback, 6379);
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Commands that were done.</summary>
    public int Done { get; private set; }

    protected override int Hear(Visit visit, ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var at = 0;
        if (!TryNumber(text, ref at, '*', out var count))
            return 0;
        var words = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryNumber(text, ref at, '$', out var length) || text.Length < at + length + 2)
                return 0;
            words[i] = text.Substring(at, length);
            at += length + 2;
        }
        Do(visit, words);
        return at;
    }

    private static bool TryNumber(string text, ref int at, char mark, out int number)
    {
        number = 0;
        var end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
        if (end < 0)
            return false;
        if (text[at] != mark)
            throw new FindingException("the server speaks RESP", text);
        number = int.Parse(text.AsSpan(at + 1, end - at - 1));
        at = end + 2;
        return true;
    }

    private void Do(Visit visit, string[] words)
    {
        Done++;
        if (!IsWrong(visit, WrongOneIn, "$-7\r\n", "\0\u0001\u0002\r\n", Loading))
            visit.Say(Encoding.Latin1.GetBytes(Answer(words)));
    }

    private string Answer(string[] words)
    {
        switch (words[0])
        {
            case "PING":
                return "+PONG\r\n";
            case "GET":
                return Bulk(_values.GetValueOrDefault(words[1]));
            case "SET" when words[^1] == "NX" && _values.ContainsKey(words[1]):
                return Bulk(null);
            case "SET":
                _values[words[1]] = words[2];
                return "+OK\r\n";
            case "DEL":
                var gone = 0;
                foreach (var key in words[1..])
                    gone += _values.Remove(key) ? 1 : 0;
                return $":{gone}\r\n";
            default:
                return $"-ERR unknown command '{words[0]}'\r\n";
        }
    }

    private static string Bulk(string? text) =>
        text is null ? "$-1\r\n" : $"${text.Length}\r\n{text}\r\n";
}
