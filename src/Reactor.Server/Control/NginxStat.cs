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
        var watchers = new Watchers(server);
        foreach (var app in server.Hub.Streams.GroupBy(stream => stream.Key.App))
            WriteApplication(xml, server, watchers, app);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteApplication(
        XmlWriter xml, ReactorServer server, Watchers watchers, IGrouping<string, LiveStream> app)
    {
        xml.WriteStartElement("application");
        Element(xml, "name", app.Key);
        xml.WriteStartElement("live");
        var clients = 0;
        foreach (var stream in app)
            clients += WriteStream(xml, server, watchers, stream);
        Element(xml, "nclients", clients);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <returns>How many clients it has.</returns>
    private static int WriteStream(
        XmlWriter xml, ReactorServer server, Watchers watchers, LiveStream stream)
    {
        var nowMs = server.Loop.NowMs;
        var rate = server.Rates.Of(stream, nowMs);
        xml.WriteStartElement("stream");
        Element(xml, "name", stream.Key.Name);
        Element(xml, "time", stream.IsPublished ? nowMs - stream.PublishedSinceMs : 0);
        Element(xml, "bw_in", Bits(rate.Kbps));
        Element(xml, "bytes_in", stream.BytesIn);
        Element(xml, "bw_out", Bits(rate.Kbps * server.Hls.AudienceOf(stream)));
        Element(
            xml, "bytes_out", watchers.PlayersOf(stream).Sum(pair => pair.Player.BytesSent));
        Element(xml, "bw_audio", Bits(rate.AudioKbps));
        Element(xml, "bw_video", Bits(rate.VideoKbps));
        List<Client> clients = [.. ClientsOf(server, watchers, stream)];
        foreach (var client in clients)
            Write(xml, client);
        WriteMeta(xml, stream, rate);
        Element(xml, "nclients", clients.Count);
        if (stream.IsPublished)
            Empty(xml, "publishing");
        Empty(xml, "active");
        xml.WriteEndElement();
        return clients.Count;
    }

    /// <summary>The publisher first.</summary>
    private static IEnumerable<Client> ClientsOf(
        ReactorServer server, Watchers watchers, LiveStream stream)
    {
        if (stream.Publisher is { } publisher
            && server.Sessions.Find(publisher.ConnectionId) is { } source)
        {
            yield return Client.Of(source) with { IsPublishing = true };
        }
        foreach (var (session, player) in watchers.PlayersOf(stream))
            yield return Client.Of(session) with { Dropped = player.Dropped };
        foreach (var viewer in watchers.ViewersOf(stream))
        {
            yield return new Client(
                0, viewer.Address, server.Loop.NowMs - viewer.StartedMs, "HLS");
        }
    }

    private static void Write(XmlWriter xml, in Client client)
    {
        xml.WriteStartElement("client");
        Element(xml, "id", client.Id);
        Element(xml, "address", client.Address.ToString());
        Element(xml, "time", client.Ms);
        Element(xml, "flashver", client.Agent);
        Element(xml, "dropped", client.Dropped);
        Element(xml, "avsync", 0);
        Element(xml, "timestamp", 0);
        if (client.IsPublishing)
            Empty(xml, "publishing");
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
            var picture = stream.Codecs.Picture;
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
        xml.WriteElementString(name, value.ToString(CultureInfo.InvariantCulture));

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

    /// <param name="Id">Of its connection; who watches by HLS has none of its own: 0.</param>
    /// <param name="Address">Where it is.</param>
    /// <param name="Ms">Since when it is there.</param>
    /// <param name="Agent">What it calls itself.</param>
    private readonly record struct Client(long Id, IPAddress Address, long Ms, string Agent)
    {
        public long Dropped { get; init; }

        public bool IsPublishing { get; init; }

        public static Client Of(Session session) => new(
            session.Connection.Id, session.Peer.Address, session.NowMs - session.StartedMs,
            session.Agent);
    }
}
