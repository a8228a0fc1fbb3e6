using System;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Server.Hooks;

/// <summary>Where a hook is asked.</summary>
/// <param name="IsSecure">https.</param>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">80 or 443 unless the URL names one.</param>
/// <param name="Authority">Host and port as they stand in the header Host.</param>
/// <param name="Target">Path and query, percent-encoded.</param>
internal sealed record HookUrl(
    bool IsSecure, string Host, int Port, string Authority, string Target)
{
    private const int CharactersMax = 2048;

    public static bool TryParse(string text, [NotNullWhen(true)] out HookUrl? url)
    {
        url = null;
        if (text.Length > CharactersMax
            || !Uri.TryCreate(text, UriKind.Absolute, out var parsed)
            || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps)
            || parsed.UserInfo.Length > 0 || parsed.Host.Length == 0)
        {
            return false;
        }
        url = new HookUrl(
            parsed.Scheme == Uri.UriSchemeHttps,
            parsed.DnsSafeHost,
            parsed.Port,
            parsed.Authority,
            parsed.PathAndQuery);
        return true;
    }

    public override string ToString() =>
        $"{(IsSecure ? "https" : "http")}://{Authority}{Target.Split('?')[0]}";
}
