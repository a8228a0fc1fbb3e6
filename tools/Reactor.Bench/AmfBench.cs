using System;
using BenchmarkDotNet.Attributes;
using Reactor.Protocol.Amf;

namespace Reactor.Bench;

/// <summary>Commands, as a joiner sends and is sent them.</summary>
public class AmfBench
{
    private readonly byte[] _status = new byte[512];
    private byte[] _connect = [];

    [GlobalSetup]
    public void Prepare()
    {
        _connect = new byte[1024];
        _connect = _connect[..WriteConnect(_connect)];
    }

    [Benchmark]
    public int ReadConnect()
    {
        var reader = new Amf0Reader(_connect);
        var values = 0;
        while (reader.TryRead(out _))
            values++;
        return values;
    }

    [Benchmark]
    public int WriteStatus()
    {
        var body = new Amf0Writer(_status);
        body.String("onStatus");
        body.Number(0);
        body.Null();
        body.BeginObject();
        body.Member("level", "status");
        body.Member("code", "NetStream.Play.Start");
        body.Member("description", "live/a");
        body.EndObject();
        return body.Length;
    }

    /// <summary>As ffmpeg 5.1 sends it.</summary>
    private static int WriteConnect(Span<byte> into)
    {
        var body = new Amf0Writer(into);
        body.String("connect");
        body.Number(1);
        body.BeginObject();
        body.Member("app", "live");
        body.Member("flashVer", "LNX 9,0,124,2");
        body.Member("tcUrl", "rtmp://127.0.0.1:1935/live");
        body.Member("fpad", false);
        body.Member("capabilities", 15);
        body.Member("audioCodecs", 4071);
        body.Member("videoCodecs", 252);
        body.Member("videoFunction", 1);
        body.EndObject();
        return body.Length;
    }
}
