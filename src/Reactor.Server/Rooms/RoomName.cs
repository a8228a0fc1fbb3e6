using System;
using System.Buffers;
using System.Text;

namespace Reactor.Server.Rooms;

/// <summary>Tells rooms and keys apart, and what may be one.</summary>
public static class RoomName
{
    /// <summary>Letters and digits of a key (S4.4).</summary>
    public const int KeyLength = 48;

    /// <summary>Bytes of a room's name.</summary>
    public const int BytesMax = 255;

    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly SearchValues<char> LetterSet = SearchValues.Create(Letters);

    private static readonly SearchValues<char> Reserved = SearchValues.Create("/\\?#&%");

    /// <summary>Whether it has the form of a key; then it is no room.</summary>
    /// <remarks>Redis holds both in one table: they must not be taken for one another.</remarks>
    public static bool IsKey(string text) =>
        text.Length == KeyLength && !text.AsSpan().ContainsAnyExcept(LetterSet);

    /// <summary>Whether a room may be called so: it becomes the name of a stream.</summary>
    /// <returns>Empty when it may; else why not.</returns>
    public static string Check(string room)
    {
        if (room.Length == 0)
            return "the room has no name";
        if (Encoding.UTF8.GetByteCount(room) > BytesMax)
            return $"the room's name is longer than {BytesMax} bytes";
        if (IsKey(room))
            return "the room's name has the form of a key";
        if (room is "." or ".." || room.AsSpan().ContainsAny(Reserved))
            return "the room's name has a character that a URL needs for itself";
        foreach (var letter in room)
        {
            if (char.IsControl(letter) || letter == '\uFFFD')
                return "the room's name has a control character or is not UTF-8";
        }
        return "";
    }

    /// <summary>A key that nobody can guess: 285 bits.</summary>
    /// <param name="fill">Fills with random bytes, fit for secrets.</param>
    public static string MakeKey(Action<byte[]> fill)
    {
        var key = new StringBuilder(KeyLength);
        var bytes = new byte[KeyLength * 2];
        while (key.Length < KeyLength)
        {
            fill(bytes);
            foreach (var value in bytes)
            {
                // What is left over above four times the letters would favour some of them.
                if (value < Letters.Length * 4 && key.Length < KeyLength)
                    key.Append(Letters[value % Letters.Length]);
            }
        }
        return key.ToString();
    }
}
