namespace Reactor.Protocol.Redis;

/// <summary>What a <see cref="RespValue"/> is; the byte that begins it on the wire.</summary>
public enum RespKind
{
    /// <summary>Absent: <c>_</c>, and the bulk or array of length −1 of RESP2.</summary>
    Null,

    /// <summary><c>+</c>: a word of the server's, such as OK.</summary>
    Simple,

    /// <summary><c>-</c>, or <c>!</c> when it has several lines.</summary>
    Error,

    /// <summary><c>:</c></summary>
    Integer,

    /// <summary><c>$</c>, or <c>=</c> with what format it is in left out.</summary>
    Bulk,

    /// <summary><c>*</c></summary>
    Array,

    /// <summary><c>%</c>: keys and values in turns.</summary>
    Map,

    /// <summary><c>~</c></summary>
    Set,

    /// <summary><c>></c>: nobody asked for it, and it answers no command.</summary>
    Push,

    /// <summary><c>,</c></summary>
    Double,

    /// <summary><c>#</c></summary>
    Boolean,

    /// <summary><c>(</c>: digits of any number.</summary>
    BigNumber,
}
