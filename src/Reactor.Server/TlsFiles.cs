using System;
using System.Text;
using NLog;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Transport.Network;

namespace Reactor.Server;

/// <summary>Certificate and key of one section, read at the start and when they change.</summary>
/// <remarks>
/// The first time blocking harms nobody; afterwards they are read elsewhere. Connections keep what
/// they began with, and what cannot be used leaves the last good pair in place: so the two files
/// may be replaced one after the other.
/// </remarks>
public sealed class TlsFiles
{
    /// <summary>How often the files are looked at (<c>reload_cert</c>).</summary>
    public const int LookEveryMs = 10_000;

    private const int BytesMax = 1 << 20;

    private static readonly Logger Log = LogManager.GetLogger("tls");

    private readonly ReactorServer _server;
    private readonly string _section;
    private readonly Func<ServerOptions, TlsOptions> _options;
    private Source _source;
    private string? _complaint;
    private long _dueMs;
    private bool _isAsked;
    private bool _isLooking;

    /// <param name="server">The server.</param>
    /// <param name="section">What it is called in the log: https, rtmps.</param>
    /// <param name="options">Finds the section, whatever is in force.</param>
    /// <exception cref="NetworkException">They cannot be used; names the file.</exception>
    public TlsFiles(ReactorServer server, string section, Func<ServerOptions, TlsOptions> options)
    {
        _server = server;
        _section = section;
        _options = options;
        _source = Read(server.Files.Disk, options(server.Options));
        Identity = IdentityOf(_source);
        _dueMs = server.Loop.NowMs + LookEveryMs;
        Warn();
    }

    /// <summary>What is wrong with certificate and key; null when nothing is.</summary>
    public static string? TroubleOf(IDisk disk, TlsOptions options)
    {
        try
        {
            IdentityOf(Read(disk, options));
            return null;
        }
        catch (NetworkException unusable)
        {
            return unusable.Message;
        }
    }

    /// <summary>What is shown to whoever connects now.</summary>
    public TlsIdentity Identity { get; private set; }

    /// <summary>Looks at the files soon, and says anew what is wrong with them.</summary>
    public void Ask()
    {
        _isAsked = true;
        _complaint = null;
    }

    /// <summary>Looks at the files when it is time.</summary>
    public void Check(long nowMs)
    {
        var options = _options(_server.Options);
        var isDue = _isAsked || (options.ReloadCert && nowMs >= _dueMs);
        if (!isDue || _isLooking)
            return;
        _dueMs = nowMs + LookEveryMs;
        var (disk, known) = (_server.Files.Disk, _source);
        (Source Source, TlsIdentity Identity)? found = null;
        _isLooking = _server.Work.TryRun(
            () =>
            {
                var source = Read(disk, options);
                if (source != known)
                    found = (source, IdentityOf(source));
            },
            fault => End(found, fault));
        if (_isLooking)
            _isAsked = false;
    }

    private void End((Source Source, TlsIdentity Identity)? found, Exception? fault)
    {
        _isLooking = false;
        if (fault is not null)
        {
            Complain(fault.Message);
            return;
        }
        _complaint = null;
        if (found is not var (source, identity))
            return;
        _source = source;
        Identity = identity;
        Log.Info(
            "{Section:l}: another certificate: {Subject:l}, until {NotAfter:l}",
            _section, identity.Subject, $"{identity.NotAfter:u}");
        Warn();
    }

    /// <summary>Once, however often the files are looked at.</summary>
    private void Complain(string why)
    {
        if (why == _complaint)
            return;
        _complaint = why;
        Log.Error("{Section:l}: the certificate stays as it was: {Why:l}", _section, why);
    }

    private void Warn()
    {
        if (Identity.NotAfter < _server.Time.GetUtcNow().UtcDateTime)
            Log.Warn("{Cert:l} expired on {NotAfter:l}", _source.Cert, $"{Identity.NotAfter:u}");
        if (Identity.IsSelfSigned)
        {
            Log.Warn(
                "{Cert:l} vouches for itself: OBS and browsers refuse it without a word "
                    + "unless it is installed where they run", _source.Cert);
        }
    }

    private static TlsIdentity IdentityOf(Source source)
    {
        try
        {
            var alpn = source.Alpn.Length > 0 ? source.Alpn.Split('\n') : [];
            var isTls13Only = source.MinVersion == TlsVersion.Tls13;
            return TlsIdentity.Read(source.Certificates, source.PrivateKey, isTls13Only, alpn);
        }
        catch (TlsIdentityException unusable)
        {
            throw new NetworkException(
                $"{source.Cert}, {source.Key}: {unusable.Message}", unusable);
        }
    }

    private static Source Read(IDisk disk, TlsOptions options) => new(
        options.Cert, options.Key, Read(disk, options.Cert), Read(disk, options.Key),
        options.MinVersion, string.Join('\n', options.Alpn));

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

    /// <summary>All that an identity is made of.</summary>
    private sealed record Source(
        string Cert, string Key, string Certificates, string PrivateKey, TlsVersion MinVersion,
        string Alpn);
}
