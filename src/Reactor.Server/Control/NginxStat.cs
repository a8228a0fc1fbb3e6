using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Reactor.Server.Http;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Control;

/// <summary>
/// nginx-rtmp's <c>/stat</c>, element for element, so that NOALBS and pages that read bitrates
/// work unchanged (A47).
/// </summary>
internal static class NginxStat
{
    private static readonly XmlWriterSettings Layout = new()
    {
        Indent = true,
        IndentChars = "",
        NewLineChars = "\r\n",
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        CheckCharacters = false,
    };

    public static void Answer(HttpExchange exchange)
    {
        using var bytes = new System.IO.MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Layout))
            Write(xml, exchange.Server);
        if (exchange.Request.Query["format"] != "json")
        {
            exchange.Answer(200, "text/xml", bytes.ToArray());
            return;
        }
        bytes.Position = 0;
        exchange.Answer(200, "application/json", StatJson.Of(XElement.Load(bytes)));
    }

    private static void Write(XmlWriter xml, ReactorServer server)
    {
        var nowMs = server.Loop.NowMs;
        xml.WriteStartElement("rtmp");
        Element(xml, "nginx_version", "1.22.1");        // what readers of it know how to read
        Element(xml, "nginx_rtmp_version", "1.1.4");
        Element(xml, "pid", Environment.ProcessId);
        Element(xml, "uptime", nowMs / 1000);
        Element(xml, "naccepted", server.Sessions.Entered);
        var kbps = server.Hub.Streams.Sum(stream => server.Rates.Of(stream, nowMs).Kbps);
        Element(xml, "bw_in", Bits(kbps));
        Element(xml, "bytes_in", server.Sessions.BytesIn);
        Element(xml, "bw_out", Bits(server.Hub.Streams.Sum(
            stream => server.Rates.Of(stream, nowMs).Kbps * server.Hls.AudienceOf(stream))));
        Element(xml, "bytes_out", server.Sessions.BytesOut);
        xml.WriteStartElement("server");
        foreach (var app in server.Hub.Streams.GroupBy(stream => stream.Key.App))
            WriteApplication(xml, server, app.Key, [.. app]);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteApplication(
        XmlWriter xml, ReactorServer server, string name, List<LiveStream> streams)
    {
        xml.WriteStartElement("application");
        Element(xml, "name", name);
        xml.WriteStartElement("live");
        var clients = 0;
        foreach (var stream in streams)
            clients += WriteStream(xml, server, stream);
        Element(xml, "nclients", clients);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <returns>How many clients it has.</returns>
    private static int WriteStream(XmlWriter xml, ReactorServer server, LiveStream stream)
    {
        var nowMs = server.Loop.NowMs;
        var rate = server.Rates.Of(stream, nowMs);
        xml.WriteStartElement("stream");
        Element(xml, "name", stream.Key.Name);
        Element(xml, "time", stream.IsPublished ? nowMs - stream.PublishedSinceMs : 0);
        Element(xml, "bw_in", Bits(rate.Kbps));
        Element(xml, "bytes_in", stream.BytesIn);
        Element(xml, "bw_out", Bits(rate.Kbps * server.Hls.AudienceOf(stream)));
        Element(xml, "bytes_out", PlayersOf(server, stream).Sum(pair => pair.Bytes));
        Element(xml, "bw_audio", Bits(rate.AudioKbps));
        Element(xml, "bw_video", Bits(rate.VideoKbps));
        var clients = 0;
        foreach (var session in server.Sessions)
        {
            if (session.Connection.Id == stream.Publisher?.ConnectionId)
                clients += WriteClient(xml, session, "publishing", 0);
        }
        foreach (var (session, _, dropped) in PlayersOf(server, stream))
            clients += WriteClient(xml, session, "", dropped);
        clients += WriteViewers(xml, server, stream);
        WriteMeta(xml, stream, rate);
        Element(xml, "nclients", clients);
        if (stream.IsPublished)
            Empty(xml, "publishing");
        Empty(xml, "active");
        xml.WriteEndElement();
        return clients;
    }

    private static IEnumerable<(Session Session, long Bytes, long Dropped)> PlayersOf(
        ReactorServer server, LiveStream stream) =>
        from session in server.Sessions
        from player in session.Players
        where player.Stream == stream
        select (session, player.BytesSent, player.Dropped);

    private static int WriteClient(XmlWriter xml, Session session, string mark, long dropped)
    {
        WriteClient(
            xml, session.Connection.Id, session.Peer.Address, session.NowMs - session.StartedMs,
            session.Agent, dropped, mark);
        return 1;
    }

    /// <summary>Who watches by HLS has no connection of its own, and so the number 0.</summary>
    private static int WriteViewers(XmlWriter xml, ReactorServer server, LiveStream stream)
    {
        if (server.Hls.ViewersOf(stream) == 0)
            return 0;
        var viewers = server.Hls.Viewers.All
            .Where(viewer => viewer.Output.Stream == stream).ToList();
        foreach (var viewer in viewers)
        {
            WriteClient(
                xml, 0, viewer.Address, server.Loop.NowMs - viewer.StartedMs, "HLS", dropped: 0);
        }
        return viewers.Count;
    }

    private static void WriteClient(
        XmlWriter xml, long id, IPAddress address, long ms, string agent, long dropped,
        string mark = "")
    {
        xml.WriteStartElement("client");
        Element(xml, "id", id);
        Element(xml, "address", address.ToString());
        Element(xml, "time", ms);
        Element(xml, "flashver", agent);
        Element(xml, "dropped", dropped);
        Element(xml, "avsync", 0);
        Element(xml, "timestamp", 0);
        if (mark.Length > 0)
            Empty(xml, mark);
        Empty(xml, "active");
        xml.WriteEndElement();
    }

    private static void WriteMeta(XmlWriter xml, LiveStream stream, StreamRate rate)
    {
        if (!stream.IsPublished)
            return;
        xml.WriteStartElement("meta");
        if (stream.Codecs.HasVideo)
        {
            var picture = PictureFacts.Of(stream.Codecs);
            xml.WriteStartElement("video");
            Element(xml, "width", picture.Width);
            Element(xml, "height", picture.Height);
            Element(xml, "frame_rate", (long)Math.Round(rate.Fps));
            Element(xml, "codec", stream.Codecs.VideoCodec);
            if (stream.Codecs.Video is { } facts)
            {
                Element(xml, "profile", facts.Profile);
                Element(xml, "level", facts.Level);
            }
            xml.WriteEndElement();
        }
        if (stream.Codecs.HasAudio)
        {
            xml.WriteStartElement("audio");
            Element(xml, "codec", stream.Codecs.AudioCodec);
            if (stream.Codecs.Audio is { } facts)
            {
                Element(xml, "profile", facts.Profile);
                Element(xml, "channels", facts.Channels);
                Element(xml, "sample_rate", facts.SampleRate);
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static long Bits(double kbps) => (long)Math.Round(kbps * 1000);

    private static void Element(XmlWriter xml, string name, long value) =>
        Element(xml, name, value.ToString(CultureInfo.InvariantCulture));

    private static void Element(XmlWriter xml, string name, string value) =>
        xml.WriteElementString(name, Plain(value));

    private static void Empty(XmlWriter xml, string name)
    {
        xml.WriteStartElement(name);
        xml.WriteEndElement();
    }

    /// <summary>What a client calls itself may hold what no XML may (XML 1.0 §2.2).</summary>
    private static string Plain(string value)
    {
        if (value.All(XmlConvert.IsXmlChar))
            return value;
        return string.Concat(value.Select(letter => XmlConvert.IsXmlChar(letter) ? letter : '?'));
    }
}
