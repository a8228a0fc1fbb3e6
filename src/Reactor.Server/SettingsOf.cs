using System;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Http;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Streaming;
using Reactor.Streaming.Hls;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server;

/// <summary>What the lower floors need to know of the options.</summary>
internal static class SettingsOf
{
    public static LoopSettings Loop(ReactorOptions options) => new()
    {
        EventsMax = options.MaxEvents,
        AcceptMax = options.MaxAccept,
        HandshakesMax = options.MaxHandshakes,
        ReceiveBytes = options.ReadBuffer,
        ReadBudget = options.ReadBudget,
        WriteBudget = options.WriteBudget,
        LettersMax = options.MaxLetters,
        SegmentsMax = options.IovMax,
        FlushWaitMs = (int?)options.WriteCoalesce?.TotalMilliseconds,
        FlushWaitMaxMs = (int)options.WriteCoalesceMax.TotalMilliseconds,
    };

    public static GopCacheLimits GopCache(StreamOptions options) => new(
        options.Play.GopCache ? options.Play.GopNum : 0,
        options.Play.GopCacheMaxFrames,
        options.Play.GopCacheMaxSize,
        options.Publish.MaxMetadata);

    public static HlsSettings Hls(HlsOptions options) => new()
    {
        FragmentMs = (int)options.HlsFragment.TotalMilliseconds,
        FragmentMaxMs = (int)Math.Max(
            options.HlsFragment.TotalMilliseconds, options.HlsMaxFragment.TotalMilliseconds),
        AudioOnlyFragmentMs = (int)options.AudioOnlyFragment.TotalMilliseconds,
        IsMp4 = options.Type != HlsType.Ts,
        IsAligned = options.IsAligned,
        PartMs = options.Type == HlsType.Ll ? (int)options.HlsPart.TotalMilliseconds : 0,
        TrackWaitMs = (int)options.TrackWait.TotalMilliseconds,
        Window = options.HlsWindow,
        DeleteThreshold = options.DeleteThreshold,
        BytesMax = options.HlsMaxSize,
    };

    public static SocketSettings Socket(RtmpOptions options) => new()
    {
        Backlog = options.Backlog,
        NoDelay = options.TcpNodelay,
        KeepAlive = options.SoKeepalive,
        SendBuffer = options.SendBuffer,
        ReceiveBuffer = options.RecvBuffer,
        NotSentLowWater = options.NotsentLowat,
    };

    public static HttpLimits Http(HttpOptions options) => new()
    {
        HeadBytesMax = options.MaxHeader,
        HeadersMax = options.MaxHeaders,
        TargetBytesMax = options.MaxUrl,
        BodyBytesMax = options.MaxBody,
    };

    public static RedisSettings Redis(HostPort host, RedisOptions options) =>
        new(host.Host, host.Port)
        {
            User = options.RedisUser,
            Password = options.RedisPwd,
            Database = options.RedisDb,
            CommandMs = (int)options.RedisTimeout.TotalMilliseconds,
        };

    public static ServerConversationSettings Conversation(ServerOptions options)
    {
        var rtmp = options.Rtmp;
        return new ServerConversationSettings
        {
            AllowDigest = rtmp.Handshake == HandshakeMode.Auto,
            StreamsMax = rtmp.MaxStreams,
            MessagesPerTurn = options.Reactor.ReadMessages,
            CommandsPerSecond = rtmp.MaxCommandsPerSecond,
            Amf = new AmfLimits
            {
                DepthMax = rtmp.MaxAmfDepth,
                ElementsMax = rtmp.MaxAmfValues,
                StringBytesMax = rtmp.MaxAmfString,
                TextBytesMax = rtmp.MaxAmfText,
            },
            FmsVersion = rtmp.FmsVersion,
            Capabilities = rtmp.Capabilities,
            SendsBandwidthDone = rtmp.BwDone,
            SendsSampleAccess = rtmp.SampleAccess,
            SendsDataStart = rtmp.DataStart,
            IsEnhanced = rtmp.Enhanced,
            Link = new LinkSettings
            {
                ChunkBytes = rtmp.ChunkSize,
                AckWindow = (uint)rtmp.AckWindow,
                InAckWindow = (uint)rtmp.InAckWindow,
                PeerBandwidth = (uint)rtmp.PeerBandwidth,
                Limits = new ChunkLimits
                {
                    MessageBytesMax = rtmp.MaxMessage,
                    HalfReceivedBytesMax = rtmp.MaxHalfReceived,
                    ChunkStreamsMax = rtmp.MaxChunkStreams,
                    ChunkBytesMax = Math.Min(rtmp.MaxChunkSize, ChunkReader.ChunkBytesLimit),
                },
            },
        };
    }
}
