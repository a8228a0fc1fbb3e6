using System;
using System.Text;
using NLog;
using Reactor.Server.Storage;
using Reactor.Transport.Network;

namespace Reactor.Server;

/// <summary>Reads certificate and key at the start, when blocking harms nobody.</summary>
internal static class TlsFiles
{
    private const int BytesMax = 1 << 20;

    /// <exception cref="NetworkException">They cannot be used; names the file.</exception>
    public static TlsIdentity Load(IDisk disk, string cert, string key, DateTime now, Logger log)
    {
        var certificates = Read(disk, cert);
        var keys = Read(disk, key);
        try
        {
            var identity = TlsIdentity.Read(certificates, keys, isTls13Only: false, []);
            if (identity.NotAfter < now)
                log.Warn("{Cert:l} expired on {NotAfter:l}", cert, $"{identity.NotAfter:u}");
            if (identity.IsSelfSigned)
            {
                log.Warn(
                    "{Cert:l} vouches for itself: OBS and browsers refuse it without a word "
                        + "unless it is installed where they run", cert);
            }
            return identity;
        }
        catch (TlsIdentityException unusable)
        {
            throw new NetworkException($"{cert}, {key}: {unusable.Message}", unusable);
        }
    }

    private static string Read(IDisk disk, string path)
    {
        var safe = SafePath.Configured(path);
        try
        {
            return Encoding.UTF8.GetString(WholeFile.Load(disk, safe, BytesMax));
        }
        catch (Exception thrown) when (FileError.Of(thrown, safe) is { } error)
        {
            throw new NetworkException($"TLS cannot be offered: {error.Text}", thrown);
        }
    }
}
