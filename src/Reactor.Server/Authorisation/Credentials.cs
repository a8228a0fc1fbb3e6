using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;

namespace Reactor.Server.Authorisation;

/// <summary>What came of looking at one thing that was shown.</summary>
/// <param name="WasShown">Whether there was anything to look at.</param>
/// <param name="Why">Empty when it is good; else why not, for the client to read.</param>
internal readonly record struct CredentialResult(bool WasShown, string Why)
{
    public bool IsGood => Why.Length == 0;
}

/// <summary>Looks at keys, signatures and tokens, which the server can judge alone.</summary>
/// <remarks>Invariant: a verifier is kept for each section of the options that has one.</remarks>
internal sealed class Credentials(TimeProvider time) : IDisposable
{
    private const string KeyParameter = "key";

    private readonly Dictionary<JwtOptions, JwtVerifier> _verifiers =
        new(ReferenceEqualityComparer.Instance);

    /// <summary>Looks at what was shown for one method.</summary>
    public CredentialResult Check(AuthMethod method, AccessRequest request) => method switch
    {
        AuthMethod.Key => CheckKey(request),
        AuthMethod.Sign => CheckSign(request),
        AuthMethod.Jwt => CheckJwt(request),
        _ => new CredentialResult(false, "nothing that can be judged here"),
    };

    public void Dispose() => Forget();

    /// <summary>Forgets what it knew of options that are not in force any more.</summary>
    public void Forget()
    {
        foreach (var verifier in _verifiers.Values)
            verifier.Dispose();
        _verifiers.Clear();
    }

    /// <summary>The verifier of a section.</summary>
    public JwtVerifier VerifierOf(JwtOptions options)
    {
        if (!_verifiers.TryGetValue(options, out var verifier))
            _verifiers.Add(options, verifier = new JwtVerifier(options));
        return verifier;
    }

    private static IReadOnlyList<string> KeysOf(AccessAction action, StreamOptions options) =>
        action == AccessAction.Publish ? options.Publish.Key : options.Play.Key;

    private static CredentialResult CheckKey(AccessRequest request)
    {
        if (request.Parameters[KeyParameter] is not { Length: > 0 } said)
            return new CredentialResult(false, "a key is needed");
        var isKnown = SecretText.IsAny(said, KeysOf(request.Action, request.Options));
        return new CredentialResult(true, isKnown ? "" : "the key is wrong");
    }

    private CredentialResult CheckSign(AccessRequest request)
    {
        var auth = request.Options.Auth;
        if (request.Parameters[auth.Sign.Param] is not { Length: > 0 } said)
            return new CredentialResult(false, "a signature is needed");
        var address = auth.BindIp ? request.Address.ToString() : "";
        return new CredentialResult(true, SignedUrl.Check(
            said, request.Key.ToString(), auth.Sign, address, time.GetUtcNow()));
    }

    private CredentialResult CheckJwt(AccessRequest request)
    {
        var auth = request.Options.Auth;
        var token = request.Bearer.Length > 0
            ? request.Bearer
            : request.Parameters[auth.Jwt.Param] ?? "";
        if (token.Length == 0)
            return new CredentialResult(false, "a token is needed");
        var verifier = VerifierOf(auth.Jwt);
        if (!verifier.TryVerify(token, time.GetUtcNow(), out var claims, out var why))
            return new CredentialResult(true, why);
        return new CredentialResult(true, WhyNotFor(claims, request));
    }

    private static string WhyNotFor(JwtClaims claims, AccessRequest request)
    {
        var auth = request.Options.Auth;
        var action = request.Action == AccessAction.Publish ? "publish" : "play";
        if (auth.Jwt.PathClaim.Length > 0 && !claims.Covers(request.Key.ToString()))
            return "the token is for another stream";
        if (claims.Action.Length > 0 && claims.Action != action)
            return $"the token is not for {action}ing";
        if (auth.BindIp && claims.Ip != request.Address.ToString())
            return "the token is for another address";
        return "";
    }
}
