using Reactor.Protocol.Amf;
using Reactor.Protocol.Tests.Amf;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>
/// Objects for command bodies: values of a peer can only be read, so they are written first.
/// </summary>
internal static class AmfObjects
{
    public static byte[] Write((string Key, AmfValue Value)[] members) =>
        AmfWire.Of((ref Amf0Writer body) =>
        {
            body.BeginObject();
            foreach (var (key, value) in members)
            {
                body.Key(key);
                body.Value(value);
            }
            body.EndObject();
        });
}
