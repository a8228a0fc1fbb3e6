using System.Collections.Generic;

namespace Reactor.Protocol.Amf;

/// <summary>The contents of an object or array: named members, then items by position.</summary>
/// <remarks>Final once its reader has passed the end of it; values share it.</remarks>
internal sealed class AmfObject
{
    /// <summary>Empty for anonymous objects and arrays.</summary>
    public string ClassName { get; init; } = "";

    public List<KeyValuePair<string, AmfValue>> Members { get; } = [];

    public List<AmfValue> Items { get; } = [];
}
