using System.Collections.Generic;

namespace Reactor.Protocol.Amf;

/// <summary>What AMF3 objects of one class have in common (AMF3 §3.12).</summary>
/// <param name="ClassName">Empty for anonymous objects.</param>
/// <param name="Keys">Sealed members: their values follow without keys.</param>
/// <param name="IsDynamic">Further members with keys follow the sealed ones.</param>
/// <param name="TextBytes">Class name and keys: what an object that shares them is charged.</param>
internal sealed record Amf3Traits(
    string ClassName, List<string> Keys, bool IsDynamic, int TextBytes)
{
    public static Amf3Traits Anonymous { get; } = new("", [], IsDynamic: true, TextBytes: 0);
}
