using System.Collections.Generic;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Reactor.Transport.Network;

/// <summary>Who a server must be that we connect to.</summary>
public sealed record TlsClientSettings
{
    /// <summary>Its name: sent along (SNI), and looked for in its certificate.</summary>
    public required string Host { get; init; }

    /// <summary>Whether its certificate must be for that name, and of a known authority.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>The authorities that are known; null for the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Protocols offered (ALPN); none by default.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    internal SslClientAuthenticationOptions ToOptions()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,         // the loop waits for nobody
        };
        if (Authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Authorities);
        }
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            AllowRenegotiation = false,
            ApplicationProtocols = TlsIdentity.Offer(Protocols),
        };
        if (!Verify)
        {
            options.RemoteCertificateValidationCallback =
                (_, _, _, errors) => errors == SslPolicyErrors.None || !Verify;
        }
        return options;
    }
}
