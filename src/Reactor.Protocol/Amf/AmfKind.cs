namespace Reactor.Protocol.Amf;

/// <summary>What an <see cref="AmfValue"/> is; AMF0 and AMF3 share the kinds.</summary>
public enum AmfKind
{
    /// <summary>Also what a missing argument or a missing key reads as.</summary>
    Undefined,
    Null,
    Boolean,

    /// <summary>A double; AMF3's integers arrive as one too.</summary>
    Number,
    String,

    /// <summary>Anonymous or typed: members in the order of the wire.</summary>
    Object,

    /// <summary>Members like an object; from AMF3 it may have items as well.</summary>
    EcmaArray,

    /// <summary>Items only.</summary>
    StrictArray,

    /// <summary>Milliseconds since 1970-01-01 UTC; the time zone is dropped (AMF0 §2.13).</summary>
    Date,
    Xml,

    /// <summary>AMF3 only.</summary>
    ByteArray,

    /// <summary>AMF0's 0x0D: the sender could not write its value.</summary>
    Unsupported,
}
