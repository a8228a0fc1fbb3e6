using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;

namespace Reactor.Testing.Simulation;

/// <summary>A Redis that knows the commands which rooms and the cluster need.</summary>
public sealed class RedisElse(World world, int seed) : SomebodyElse(world, Address, seed)
{
    private const int WrongOneIn = 3;
    private const string Loading = "-LOADING Redis is loading the dataset in memory\r\n";
    private static readonly IPEndPoint Address = new(IPAddress.Loopback, 6379);
    private readonly Dictionary<string, (string Text, long UntilUs)> _values = [];

    /// <summary>Commands that were done.</summary>
    public int Done { get; private set; }

    /// <summary>The names of all values that there are now.</summary>
    public IEnumerable<string> Names => _values.Keys.Where(name => Find(name) is not null);

    /// <summary>What is kept by a name; null for nothing.</summary>
    public string? Find(string name) =>
        _values.TryGetValue(name, out var value)
            && (value.UntilUs > World.Time.NowUs || World.Plants.Is(Plant.KeepsLease))
            ? value.Text
            : null;

    /// <summary>It is restarted, and what it knew was on no disk.</summary>
    public void Empty()
    {
        var mood = Mood;
        Turn(Mood.Gone);
        _values.Clear();
        Turn(mood);
    }

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
                return Bulk(Find(words[1]));
            case "PTTL":
                return $":{LeftMs(words[1])}\r\n";
            case "SET" when words[^1] == "NX" && Find(words[1]) is not null:
                return Bulk(null);
            case "SET":
                _values[words[1]] = (words[2], long.MaxValue);
                return "+OK\r\n";
            case "DEL":
                var gone = 0;
                foreach (var key in words[1..])
                    gone += _values.Remove(key) ? 1 : 0;
                return $":{gone}\r\n";
            case "EVAL" when words is [_, _, "1", var name, var holder, var leaseMs]:
                return $":{(Hold(name, holder, long.Parse(leaseMs) * 1000) ? 1 : 0)}\r\n";
            case "EVAL" when words is [_, _, "1", var name, var holder]:
                return $":{(Find(name) == holder && _values.Remove(name) ? 1 : 0)}\r\n";
            default:
                return $"-ERR unknown command '{words[0]}'\r\n";
        }
    }

    /// <summary>What the cluster's script says: a name is its holder's until the lease ends.
    /// </summary>
    private bool Hold(string name, string holder, long leaseUs)
    {
        if (Find(name) is { } other && other != holder)
            return false;
        _values[name] = (holder, World.Time.NowUs + leaseUs);
        return true;
    }

    /// <summary>Of a lease; -2 where there is nothing.</summary>
    private long LeftMs(string name) =>
        Find(name) is null ? -2 : (_values[name].UntilUs - World.Time.NowUs) / 1000;

    private static string Bulk(string? text) =>
        text is null ? "$-1\r\n" : $"${text.Length}\r\n{text}\r\n";
}
