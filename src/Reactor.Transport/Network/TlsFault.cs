using System;
using System.IO;
using System.Security.Authentication;

namespace Reactor.Transport.Network;

/// <summary>Tells in one line why TLS broke off, with what can be done about it.</summary>
internal static class TlsFault
{
    /// <summary>OBS takes a self-signed certificate for nothing and says nothing (Q69).</summary>
    private const string Distrust =
        "the client does not trust our certificate; OBS and browsers take only one of a known "
        + "authority, or one whose authority is installed where they run";

    private const string NoTrust =
        "we do not trust the server's certificate: its authority is not installed here";

    private static readonly (string Words, string Meaning)[] Meanings =
    [
        ("NameMismatch", "the server's certificate is for another name"),
        ("NotTimeValid", "the server's certificate has expired, or does not hold yet"),
        ("UntrustedRoot", NoTrust),
        ("PartialChain", NoTrust),
        ("CertificateChainErrors", NoTrust),
        ("unknown ca", Distrust),
        ("bad certificate", Distrust),
        ("certificate unknown", Distrust),
        ("certificate expired", "the client says that our certificate has expired"),
        ("no shared cipher", "the client and we have no cipher in common"),
        ("unsupported protocol", "the client speaks only TLS that is too old (min_version)"),
        ("protocol version", "the client speaks only TLS that is too old (min_version)"),
        ("no application protocol", "the client wants another protocol (ALPN)"),
        ("http request", "this is no TLS but HTTP"),
        ("frame", "this is no TLS: rtmp:// or http:// on a port for rtmps:// or https://?"),
        ("wrong version number", "this is no TLS"),
        ("eof", "the peer left in the middle of the handshake: it may not trust our certificate"),
    ];

    public static string Describe(Exception broken)
    {
        var innermost = broken;
        while (innermost.InnerException is { } inner)
            innermost = inner;
        foreach (var (words, meaning) in Meanings)
        {
            if (innermost.Message.Contains(words, StringComparison.OrdinalIgnoreCase))
                return $"TLS: {meaning}";
        }
        var what = broken is AuthenticationException or IOException ? innermost : broken;
        return $"TLS: {FirstLine(what.Message)}";
    }

    private static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
