using System.Globalization;
using System.Text;

namespace Reactor.Server.Logging;

/// <summary>Text from the network, so that it can break no line and steer no terminal.</summary>
public static class SafeText
{
    /// <summary>Control, format and separator characters become escapes like <c>\n</c>.</summary>
    public static void Append(StringBuilder target, string text)
    {
        foreach (var rune in text.EnumerateRunes())     // half a pair becomes U+FFFD
        {
            if (IsPlain(rune))
                target.Append(rune);
            else
                AppendEscape(target, rune.Value);
        }
    }

    // Format characters turn the direction of writing; they can make a line read otherwise.
    private static bool IsPlain(Rune rune) => rune.IsAscii
        ? rune.Value is >= ' ' and < 0x7F
        : Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);

    private static void AppendEscape(StringBuilder target, int value)
    {
        switch (value)
        {
            case '\n':
                target.Append("\\n");
                break;
            case '\r':
                target.Append("\\r");
                break;
            case '\t':
                target.Append("\\t");
                break;
            default:
                target.Append(CultureInfo.InvariantCulture, $"\\u{value:X4}");
                break;
        }
    }
}
