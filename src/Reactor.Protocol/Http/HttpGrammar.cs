using System;
using System.Buffers;

namespace Reactor.Protocol.Http;

/// <summary>The small words of HTTP's grammar (RFC 9110 §5, §7.2).</summary>
public static class HttpGrammar
{
    private const string LettersAndDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create(LettersAndDigits + "!#$%&'*+-.^_`|~");

    /// <summary>Of a name or an IPv4 address; percent-encoding has no use in either.</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create(LettersAndDigits + "-._~");

    private static readonly SearchValues<char> Ip6Characters =
        SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>A method or the name of a header (RFC 9110 §5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<char> text) =>
        !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    public static bool IsTokenCharacter(char character) => TokenCharacters.Contains(character);

    /// <summary>A header's value: no control character but the tab (RFC 9110 §5.5).</summary>
    public static bool IsFieldValue(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character is (< ' ' and not '\t') or '\x7F' or > '\xFF')
                return false;
        }
        return true;
    }

    /// <summary>Whether a word stands in a list parted by commas (RFC 9110 §5.6.1).</summary>
    public static bool HasToken(ReadOnlySpan<char> list, ReadOnlySpan<char> token)
    {
        foreach (var range in list.Split(','))
        {
            if (list[range].Trim(" \t").Equals(token, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>A host and maybe a port, but no user (RFC 9110 §7.2).</summary>
    public static bool IsAuthority(ReadOnlySpan<char> text)
    {
        var host = HostOf(text);
        var port = text[host.Length..];
        if (!port.IsEmpty && !IsPort(port))
            return false;
        return host is ['[', .. var address, ']']
            ? address.Contains(':') && !address.ContainsAnyExcept(Ip6Characters)
            : !host.IsEmpty && !host.ContainsAnyExcept(NameCharacters);
    }

    /// <summary>An authority without its port; brackets stay.</summary>
    public static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> authority)
    {
        var bracket = authority.LastIndexOf(']');
        var colon = authority[(bracket + 1)..].IndexOf(':');
        return colon < 0 ? authority : authority[..(bracket + 1 + colon)];
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    /// <summary>A colon and up to five digits; the number may be missing.</summary>
    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.Length <= 6 && text[0] == ':' && !text[1..].ContainsAnyExceptInRange('0', '9');
}
