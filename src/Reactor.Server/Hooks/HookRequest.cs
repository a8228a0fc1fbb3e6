using System.Collections.Generic;
using Reactor.Server.Configuration;

namespace Reactor.Server.Hooks;

/// <summary>A question to a hook, ready to be sent, as often as it takes.</summary>
/// <param name="Url">Where.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Body">The event, in the words of its format.</param>
/// <param name="Signature">What stands in X-Reactor-Signature, or empty.</param>
/// <param name="Headers">What the configuration adds.</param>
/// <param name="Format">How the answer is read.</param>
/// <param name="TimeoutMs">For each try.</param>
/// <param name="Retries">Tries after the first.</param>
internal sealed record HookRequest(
    HookUrl Url,
    string ContentType,
    byte[] Body,
    string Signature,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    HookFormat Format,
    long TimeoutMs,
    int Retries);
