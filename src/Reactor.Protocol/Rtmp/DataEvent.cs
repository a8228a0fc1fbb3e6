using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>Tells data messages (type 18) apart by the AMF 0 string that they begin with.</summary>
public static class DataEvent
{
    /// <summary>Around metadata from an encoder (Q45).</summary>
    public static ReadOnlySpan<byte> SetDataFrame => "@setDataFrame"u8;

    /// <summary>The encoder takes its metadata back.</summary>
    public static ReadOnlySpan<byte> ClearDataFrame => "@clearDataFrame"u8;

    /// <summary>Whether a server says it to its player, as part of its answer to play.</summary>
    public static bool IsOfServer(ReadOnlySpan<byte> body) =>
        IsNamed(body, "|RtmpSampleAccess"u8, out _) || IsNamed(body, "onStatus"u8, out _)
        || IsNamed(body, "onPlayStatus"u8, out _);

    /// <summary>What the stream is: size, codecs, rates.</summary>
    public static ReadOnlySpan<byte> Metadata => "onMetaData"u8;

    /// <summary>Bytes that <see cref="AppendSetDataFrame"/> adds.</summary>
    public static int SetDataFrameBytes => 3 + SetDataFrame.Length;

    /// <summary>Begins a body that goes to a server; the event itself follows.</summary>
    public static void AppendSetDataFrame(Packet body)
    {
        body.Append([2, 0, (byte)SetDataFrame.Length]);
        body.Append(SetDataFrame);
    }

    /// <summary>Whether a body begins with this name.</summary>
    /// <param name="body">The message's payload.</param>
    /// <param name="name">The event.</param>
    /// <param name="length">Bytes of the name with its marker and length.</param>
    public static bool IsNamed(
        ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, out int length)
    {
        length = 3 + name.Length;
        return body.Length >= length
            && body[0] == 2
            && body[1] == 0
            && body[2] == name.Length
            && body.Slice(3, name.Length).SequenceEqual(name);
    }
}
