using System;
using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reactor.Server.Storage;

/// <summary>Turns a name from the network into one part of a path (Q43).</summary>
/// <remarks>
/// Letters, digits, <c>-</c>, <c>_</c> and inner dots stay; every other byte of the UTF-8 becomes
/// <c>%XX</c>, a slash and a percent sign included. So a part is never empty, never <c>.</c> or
/// <c>..</c>, never hidden, holds no separator of any system and no device of Windows, and two
/// names share a part only if they are equal. A part that would be too long is cut, and ends in
/// <c>~</c> and 128 bits of the whole name's hash.
/// </remarks>
public static class SafeName
{
    /// <summary>
    /// Characters of a part: file systems take 255 bytes, and a time and an ending come behind.
    /// </summary>
    public const int PartMax = 180;

    private const int HashCharacters = 32;
    private const string Nothing = "%";

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Devices of Windows, which are found in any folder and behind any ending.</summary>
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

    public static string Of(string name)
    {
        if (name.Length == 0)
            return Nothing;
        if (name.Length <= PartMax && !name.AsSpan().ContainsAnyExcept(Plain)
            && name[0] != '.' && name[^1] != '.' && !IsDevice(name))
        {
            return name;
        }
        var part = Escape(name);
        return part.Length <= PartMax ? part : Cut(part, name);
    }

    private static string Escape(string name)
    {
        var text = new StringBuilder(name.Length * 3);
        var bytes = Encoding.UTF8.GetBytes(name);
        var isDevice = IsDevice(name);
        for (var i = 0; i < bytes.Length; i++)
        {
            var letter = (char)bytes[i];
            var isOuterDot = letter == '.' && (i == 0 || i == bytes.Length - 1);
            if (Plain.Contains(letter) && !isOuterDot && !(isDevice && i == 0))
                text.Append(letter);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{bytes[i]:X2}");
        }
        return text.ToString();
    }

    private static string Cut(string part, string name)
    {
        var kept = PartMax - HashCharacters - 1;
        while (part[kept - 1] == '%' || part[kept - 2] == '%')
            kept--;                             // an escape is not cut in two
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        return $"{part[..kept]}~{Convert.ToHexStringLower(hash)[..HashCharacters]}";
    }

    private static bool IsDevice(string name)
    {
        var end = name.IndexOf('.', StringComparison.Ordinal);
        var stem = end < 0 ? name : name[..end];
        if (stem.Length is < 3 or > 4 || (stem.Length == 4 && !char.IsAsciiDigit(stem[3])))
            return false;
        foreach (var device in Devices)
        {
            if (stem.StartsWith(device, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
