using System.Collections.Generic;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Rtmp;

/// <summary>What a client said of itself in connect.</summary>
/// <param name="App">As sent: slashes, query and all.</param>
/// <param name="TcUrl">The URL that the person typed, or empty.</param>
/// <param name="FlashVer">The client's name of itself, or empty.</param>
/// <param name="PageUrl">The page of a player in a browser, or empty.</param>
/// <param name="IsEnhanced">It speaks Enhanced RTMP.</param>
/// <param name="CapsEx">Its Enhanced RTMP capabilities, a bit mask.</param>
public sealed record ConnectRequest(
    string App, string TcUrl, string FlashVer, string PageUrl, bool IsEnhanced, int CapsEx)
{
    /// <summary>Relays that the peer's streams have passed; see <see cref="RelayPath"/>.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];
}

/// <summary>How a player wants to begin (RTMP 1.0 §7.2.2.1).</summary>
/// <param name="Name">The stream, as sent.</param>
/// <param name="StartMs">−2000: live, else recorded; −1000: live only; from 0: recorded.</param>
/// <param name="DurationMs">−1000 until the end.</param>
/// <param name="Reset">Whether what plays now is dropped.</param>
public sealed record PlayRequest(string Name, double StartMs, double DurationMs, bool Reset);

/// <summary>What the server side of a conversation asks of its owner.</summary>
/// <remarks>
/// Requests are answered by calling the conversation's Accept or Refuse, at once or later: a
/// decision may take a round trip to somebody else.
/// </remarks>
public interface IRtmpServerHandler : IPacketSink
{
    /// <summary>Answer with AcceptConnect or RefuseConnect.</summary>
    void OnConnect(ConnectRequest request);

    /// <summary>Whether the name may be taken: no live publisher holds it (S1.21).</summary>
    bool CanPublish(string name);

    /// <summary>Answer with AcceptPublish or RefuseStream.</summary>
    void OnPublish(uint streamId, string name);

    /// <summary>
    /// Answer with AcceptPlay, and FulfilWishes once it plays, or with RefuseStream; what played
    /// there before has ended.
    /// </summary>
    void OnPlay(uint streamId, PlayRequest request);

    /// <summary>Audio, video or data of a stream that publishes; the payload is borrowed.</summary>
    void OnMedia(uint streamId, RtmpMessage message);

    /// <summary>The stream's publishing or playing has ended, by the peer's word.</summary>
    void OnStreamEnded(uint streamId, string how);

    void OnPause(uint streamId, bool isPaused);

    /// <summary>Answer with AcceptSeek or RefuseSeek.</summary>
    /// <param name="streamId">A stream that plays.</param>
    /// <param name="milliseconds">From the beginning; not negative.</param>
    void OnSeek(uint streamId, double milliseconds);

    /// <summary>How long is it? Answer with AnswerLength (Q27).</summary>
    /// <param name="transaction">To be handed on.</param>
    /// <param name="name">The stream, as sent.</param>
    void OnStreamLength(double transaction, string name);

    /// <summary>A player wants audio or video no more, or again.</summary>
    void OnReceive(uint streamId, MessageType kind, bool isWanted);

    /// <summary>The peer asked to close the connection.</summary>
    void OnGoodbye();

    /// <summary>The peer ran into a bound, and its connection goes on.</summary>
    void OnBound(RtmpBound bound, string detail);

    /// <summary>Something worth a line at debug level: an unknown command, an odd order.</summary>
    void OnOddity(string what, AmfValue detail);
}
